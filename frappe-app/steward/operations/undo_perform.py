"""Undoing one applied operation, as the person, with ERPNext's own methods."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from steward.operations import workflow
from steward.operations.perform import amend, set_values
from steward.operations.policy import why_denied
from steward.operations.undo_restore import CannotUndo, restore
from steward.operations.undo_values import changed_since, restoring_values
from steward.operations.values import image_of

#: What undoing an action does.
OPPOSITE = {
	"create": "delete",
	"amend": "delete",
	"update": "update",
	"submit": "cancel",
	"cancel": "amend",
	"delete": "create",
}


def undo_one(row: dict[str, Any], conflicts: list[dict[str, Any]]) -> Document | None:
	"""Undo the operation of a stored row; what is left out for single fields goes to `conflicts`."""
	denied = why_denied(row["reference_doctype"])
	if denied:
		frappe.throw(denied, frappe.PermissionError)
	if row["action"] == "delete":
		return restore(row, conflicts)
	doc = standing_document(row)
	if row["action"] in ("create", "amend"):
		return delete_draft(row, doc)
	if row["action"] == "update":
		return put_back(row, doc, conflicts)
	if row["action"] == "submit":
		return cancel(doc)
	return make_amended_draft(doc)


def standing_document(row: dict[str, Any]) -> Document:
	if not frappe.db.exists(row["reference_doctype"], row["reference_name"]):
		raise CannotUndo(_("The document is gone."))
	doc = frappe.get_doc(row["reference_doctype"], row["reference_name"], for_update=True)
	doc.check_permission("read")
	return doc


def delete_draft(row: dict[str, Any], doc: Document) -> None:
	if doc.docstatus.is_submitted():
		raise CannotUndo(_("The document was submitted since; cancel it first."))
	if doc.docstatus.is_cancelled():
		raise CannotUndo(_("ERPNext keeps a cancelled document; it stays as cancelled."))
	changed = changed_since(doc.doctype, json.loads(row["after_image"]), image_of(doc))
	if changed:
		raise CannotUndo(_("The draft was changed since by {0}.").format(doc.modified_by), changed)
	frappe.delete_doc(doc.doctype, doc.name, ignore_missing=False)


def put_back(row: dict[str, Any], doc: Document, conflicts: list[dict[str, Any]]) -> Document:
	asked = json.loads(row["asked"] or "{}").get("values") or {}
	before, applied = json.loads(row["before_image"]), json.loads(row["after_image"])
	values, found = restoring_values(doc.doctype, before, applied, image_of(doc), asked)
	if not values:
		raise CannotUndo(_("Nothing of the change stands any more."), found)
	conflicts += found
	set_values(doc, values)
	doc.save()
	return doc


def cancel(doc: Document) -> Document:
	if not doc.docstatus.is_submitted():
		raise CannotUndo(_("The document is not submitted any more."))
	return workflow.cancel(doc)


def make_amended_draft(doc: Document) -> Document:
	if not doc.docstatus.is_cancelled():
		raise CannotUndo(_("The document is not cancelled any more."))
	if frappe.db.exists(doc.doctype, {"amended_from": doc.name, "docstatus": ["<", 2]}):
		raise CannotUndo(_("The document was amended already."))
	return amend(doc, {})
