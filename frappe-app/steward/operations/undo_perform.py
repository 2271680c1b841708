"""Undoing one applied operation, as the person, with ERPNext's own methods."""

from __future__ import annotations

import json
import re
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from steward.operations.perform import amend, set_values
from steward.operations.policy import why_denied
from steward.operations.undo_values import changed_since, insertable, restoring_values
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


class CannotUndo(Exception):
	"""It stays as it is; `conflicts` say what stands in the way."""

	def __init__(self, reason: str, conflicts: list[dict[str, Any]] | None = None):
		super().__init__(reason)
		self.conflicts = conflicts or []


def undo_one(row: dict[str, Any], conflicts: list[dict[str, Any]]) -> Document | None:
	"""Undo the operation of a stored row; what is left out for single fields goes to `conflicts`."""
	denied = why_denied(row["reference_doctype"])
	if denied:
		frappe.throw(denied, frappe.PermissionError)
	if row["action"] == "delete":
		return restore(row)
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
	doc.cancel()
	return doc


def make_amended_draft(doc: Document) -> Document:
	if not doc.docstatus.is_cancelled():
		raise CannotUndo(_("The document is not cancelled any more."))
	if frappe.db.exists(doc.doctype, {"amended_from": doc.name, "docstatus": ["<", 2]}):
		raise CannotUndo(_("The document was amended already."))
	return amend(doc, {})


def restore(row: dict[str, Any]) -> Document:
	"""The deleted document again, as a draft, under its old name where that is still free."""
	doctype, name = row["reference_doctype"], row["reference_name"]
	if frappe.db.exists(doctype, name):
		raise CannotUndo(_("There is a {0} {1} again.").format(_(doctype), name))
	frappe.has_permission(doctype, "create", throw=True)
	image = json.loads(row["before_image"])
	doc = frappe.get_doc({**insertable(image), "doctype": doctype})
	doc.insert(set_name=None if series_gives(name) else name)
	doc.db_set({"owner": image["owner"], "creation": image["creation"]}, update_modified=False)
	mark_restored(doctype, name, doc.name)
	return doc


def series_gives(name: str) -> bool:
	"""Whether the name's series stands just before it, because the deletion gave the number back:
	then ERPNext has to count it itself, or the next document would collide."""
	match = re.fullmatch(r"(.*?)(\d+)", name)
	if not match:
		return False
	series = frappe.db.sql("select current from `tabSeries` where name = %s", match[1])
	return bool(series) and int(series[0][0] or 0) < int(match[2])


def mark_restored(doctype: str, name: str, new_name: str) -> None:
	deleted = frappe.get_all(
		"Deleted Document",
		filters={"deleted_doctype": doctype, "deleted_name": name, "restored": 0},
		order_by="creation desc",
		limit=1,
		pluck="name",
	)
	if deleted:
		frappe.db.set_value("Deleted Document", deleted[0], {"restored": 1, "new_name": new_name})
