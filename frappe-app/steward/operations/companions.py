"""What hangs on a document beside it: comments, assignments, tags, shares, attachments, documents that
go with it. ERPNext removes all that with the document, so it is written down before."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

import frappe
from frappe import _

from steward.guard import Guard
from steward.operations.kept_files import attachments_of

Row = dict[str, Any]

#: (doctype, field with the document's type, field with its name) of rows that ERPNext deletes with it.
RELATED = (
	("ToDo", "reference_type", "reference_name"),
	("DocShare", "share_doctype", "share_name"),
	("Tag Link", "document_type", "document_name"),
	("Document Follow", "ref_doctype", "ref_docname"),
	("Dynamic Link", "link_doctype", "link_name"),
	("Communication Link", "link_doctype", "link_name"),
	("Email Unsubscribe", "reference_doctype", "reference_name"),
	("Comment", "reference_doctype", "reference_name"),
	("Version", "ref_doctype", "docname"),
	("Notification Log", "document_type", "document_name"),
	("View Log", "reference_doctype", "reference_name"),
)
#: Rows that ERPNext's own documents take with them: the same, without a field for the type.
OWNED = {"Item": (("Item Price", None, "item_code"),)}
#: References that are emptied in documents that stay.
CLEARED = (
	("Communication", "reference_doctype", "reference_name"),
	("Activity Log", "reference_doctype", "reference_name"),
	("Activity Log", "timeline_doctype", "timeline_name"),
)
CLEARED_BY = {"Lead": (("Issue", None, "lead"),), "Project": (("Sales Order", None, "project"),)}
#: Columns that Frappe keeps on the document's own row, outside its fields.
COLUMNS = ("_user_tags", "_comments", "_assign", "_liked_by", "_seen")

MOST_ROWS = 200
MOST_TEXT = 2_000_000


@dataclass
class Companions:
	columns: Row = field(default_factory=dict)
	rows: dict[str, list[Row]] = field(default_factory=dict)
	#: Documents that stay and lose their reference: doctype, name, type_field, name_field.
	references: list[Row] = field(default_factory=list)
	files: list[Row] = field(default_factory=list)
	#: Documents that ERPNext deletes along, such as a customer's only contact.
	documents: list[Row] = field(default_factory=list)
	#: What can't be brought back, a sentence each.
	losses: list[str] = field(default_factory=list)

	def as_json(self) -> str:
		return json.dumps(asdict(self), default=str)


def companions_of(doctype: str, name: str) -> Companions:
	"""What a deletion would take along; read before it happens."""
	found = Companions()
	found.columns = columns_of(doctype, name)
	budget = [MOST_TEXT]
	for related in (*RELATED, *OWNED.get(doctype, ())):
		keep_rows(found, related, doctype, name, budget)
	for cleared in (*CLEARED, *CLEARED_BY.get(doctype, ())):
		keep_references(found, cleared, doctype, name)
	found.files, lost = attachments_of(doctype, name)
	found.losses += lost
	if has_passwords(doctype, name):
		found.losses.append(_("Its passwords"))
	return found


def columns_of(doctype: str, name: str) -> Row:
	present = [column for column in COLUMNS if frappe.db.has_column(doctype, column)]
	return (frappe.db.get_value(doctype, name, present, as_dict=True) or {}) if present else {}


def keep_rows(found: Companions, related: tuple, doctype: str, name: str, budget: list[int]) -> None:
	"""The newest rows as far as the budget goes; that older ones are left behind is a loss."""
	table, filters = related[0], filters_of(related, doctype, name)
	rows = frappe.get_all(table, fields=["*"], filters=filters, order_by="creation desc", limit=MOST_ROWS + 1)
	kept = []
	for row in rows[:MOST_ROWS]:
		budget[0] -= len(json.dumps(row, default=str))
		if budget[0] < 0:
			break
		kept.append(row)
	if kept:
		found.rows[table] = kept
	if len(kept) < len(rows):
		found.losses.append(_("{0}: all but the {1} newest entries").format(_(table), len(kept)))


def keep_references(found: Companions, cleared: tuple, doctype: str, name: str) -> None:
	table, type_field, name_field = cleared
	filters = filters_of(cleared, doctype, name)
	names = frappe.get_all(table, filters=filters, pluck="name", order_by=None, limit=MOST_ROWS)
	found.references += [
		{"doctype": table, "name": row, "type_field": type_field, "name_field": name_field} for row in names
	]


def filters_of(related: tuple, doctype: str, name: str) -> Row:
	_table, type_field, name_field = related
	return {name_field: name, **({type_field: doctype} if type_field else {})}


def has_passwords(doctype: str, name: str) -> bool:
	return bool(
		frappe.db.sql("select 1 from __Auth where doctype = %s and name = %s limit 1", (doctype, name))
	)


def add_deleted_along(found: Companions, own: tuple[str, str], guard: Guard, position: int) -> None:
	"""The documents whose deletion ERPNext recorded since `position`, beside the document itself."""
	records = [name for doctype, name in guard.inserted[position:] if doctype == "Deleted Document"]
	if not records:
		return
	rows = frappe.get_all(
		"Deleted Document",
		fields=["name", "deleted_doctype", "deleted_name", "data"],
		filters={"name": ["in", records]},
		order_by=None,
	)
	by_name = {row.name: row for row in rows}
	for row in (by_name[name] for name in records if name in by_name):
		if row.deleted_doctype not in ("File", "Comment") and (row.deleted_doctype, row.deleted_name) != own:
			found.documents.append(json.loads(row.data))


def words_of(found: Companions) -> str:
	"""What comes back with the document, as the card says it."""
	comments = [row for row in found.rows.get("Comment", ()) if row["comment_type"] == "Comment"]
	tags = [tag for tag in (found.columns.get("_user_tags") or "").split(",") if tag]
	open_todos = [row for row in found.rows.get("ToDo", ()) if row["status"] == "Open"]
	counted = (
		(_("attachments"), found.files),
		(_("comments"), comments),
		(_("assignments"), open_todos),
		(_("tags"), tags),
		(_("shares"), found.rows.get("DocShare", ())),
	)
	words = [f"{label} ({len(rows)})" for label, rows in counted if rows]
	words += [f"{_(doc['doctype'])} {doc['name']}" for doc in found.documents[:5]]
	return ", ".join(words)
