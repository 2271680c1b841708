"""A deleted document again, with what hung on it."""

from __future__ import annotations

import json
import re
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.global_search import update_global_search

from steward.guard import current
from steward.operations.companions import Companions
from steward.operations.undo_companions import put_back_companions
from steward.operations.undo_values import insertable

Row = dict[str, Any]


class CannotUndo(Exception):
	"""It stays as it is; `conflicts` say what stands in the way."""

	def __init__(self, reason: str, conflicts: list[dict[str, Any]] | None = None):
		super().__init__(reason)
		self.conflicts = conflicts or []


def restore(row: Row, conflicts: list[Row]) -> Document:
	"""The deleted document under its old name; what does not come back goes to `conflicts`."""
	doctype, name = row["reference_doctype"], row["reference_name"]
	if frappe.db.exists(doctype, name):
		raise CannotUndo(_("There is a {0} {1} again.").format(_(doctype), name))
	frappe.has_permission(doctype, "create", throw=True)
	image, companions = json.loads(row["before_image"]), Companions(**json.loads(row["companions"] or "{}"))
	guard = current()
	position = len(guard.inserted)
	awaited: Row = {}
	count_in_series(doctype, name)
	if image["docstatus"] == 2:
		doc = insert_cancelled(doctype, image)
	else:
		awaited = awaited_links(doctype, image, companions)
		doc = insert_draft(doctype, name, {**image, **dict.fromkeys(awaited)}, companions)
	if companions.documents:
		remove_made_again(doc, companions, guard.inserted[position:])
	lost = put_back_companions(row["name"], doc, companions, guard.mode)
	if awaited:
		doc.db_set(awaited, update_modified=False)
	conflicts += [{"fieldname": None, "label": None, "reason": reason} for reason in lost]
	check_links(doc)
	mark_restored(doctype, name, doc.name)
	return frappe.get_doc(doctype, doc.name)


def awaited_links(doctype: str, image: Row, companions: Companions) -> Row:
	"""Links to documents that went with it: a customer's contact, say, which ERPNext 16 writes to at
	once. They are set when those documents are back."""
	along = {(document["doctype"], document["name"]) for document in companions.documents}
	links = frappe.get_meta(doctype).get_link_fields()
	return {
		df.fieldname: image[df.fieldname] for df in links if (df.options, image.get(df.fieldname)) in along
	}


def insert_draft(doctype: str, name: str, image: Row, companions: Companions) -> Document:
	doc = frappe.get_doc({**insertable(image), "doctype": doctype})
	if image.get("amended_from") and frappe.db.exists(doctype, image["amended_from"]):
		doc.amended_from = image["amended_from"]
	# Its rows may name documents that went with it; they follow, then it is checked.
	doc.insert(set_name=name, ignore_links=bool(companions.documents))
	doc.db_set({"owner": image["owner"], "creation": image["creation"]}, update_modified=False)
	return doc


def insert_cancelled(doctype: str, image: Row) -> Document:
	"""Row by row as it was: it was submitted and cancelled before, so nothing of that happens again."""
	frappe.has_permission(doctype, "cancel", throw=True)
	doc = frappe.get_doc({**image, "doctype": doctype})
	for each in (doc, *doc.get_all_children()):
		each.db_insert()
		each.set("__islocal", False)
	update_global_search(doc)
	return doc


def remove_made_again(doc: Document, companions: Companions, inserted: list[tuple[str, str]]) -> None:
	"""A lead's insert makes it a contact; the one that was deleted with it comes back instead."""
	kinds = {along["doctype"] for along in companions.documents}
	for doctype, name in inserted:
		if doctype in kinds and (doctype, name) != (doc.doctype, doc.name):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)


def check_links(doc: Document) -> None:
	if doc.docstatus.is_cancelled():
		return
	invalid, _cancelled = frappe.get_doc(doc.doctype, doc.name).get_invalid_links()
	if invalid:
		missing = ", ".join(str(link[2]) for link in invalid)
		raise CannotUndo(_("What it refers to is gone: {0}").format(missing))


def count_in_series(doctype: str, name: str) -> None:
	"""The deletion may have given the number back; take it again, or the next document would collide."""
	rule = (frappe.get_meta(doctype).autoname or "").split(":")[0].lower()
	match = re.fullmatch(r"(.*?)(\d+)", name)
	if match and rule not in ("field", "prompt", "hash", "autoincrement"):
		frappe.db.sql(
			"update `tabSeries` set current = %(number)s where name = %(series)s and current < %(number)s",
			{"series": match[1], "number": int(match[2])},
		)


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
