"""Hanging on a restored document again what its deletion took along."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.model.document import Document

from steward.operations.companions import OWNED, RELATED, Companions, filters_of
from steward.operations.kept_files import is_link, kept_content
from steward.operations.refusal import code_of, message_of
from steward.operations.undo_values import insertable

Row = dict[str, Any]

#: ERPNext's answers about one companion; the rest comes back without it.
REFUSALS = (frappe.ValidationError, frappe.PermissionError, frappe.NameError)


def put_back_companions(operation_id: str, doc: Document, companions: Companions, mode: str) -> list[str]:
	"""Everything that was kept, as it was; answers what does not come back."""
	lost = [_("Not brought back: {0}").format(loss) for loss in companions.losses]
	for along in companions.documents:
		lost += put_back_document(along)
	# No rollback takes back bytes on disk, so a preview leaves the attachments out.
	if mode == "apply":
		for file in companions.files:
			lost += put_back_file(operation_id, doc, file)
	put_back_rows(doc, companions)
	put_back_references(doc, companions)
	if companions.columns:
		frappe.db.set_value(doc.doctype, doc.name, companions.columns, update_modified=False)
	return lost


def put_back_document(along: Row) -> list[str]:
	doctype, name = along["doctype"], along["name"]
	if frappe.db.exists(doctype, name):
		return []
	frappe.db.savepoint("steward_along")
	try:
		restored = frappe.get_doc({**insertable(along), "doctype": doctype})
		restored.insert(set_name=name)
	except REFUSALS as error:
		frappe.db.rollback(save_point="steward_along")
		reason = message_of(error, code_of(error))
		return [_("Not brought back: {0} {1}, which went with it: {2}").format(_(doctype), name, reason)]
	restored.db_set({"owner": along["owner"], "creation": along["creation"]}, update_modified=False)
	return []


def put_back_file(operation_id: str, doc: Document, row: Row) -> list[str]:
	content = None if is_link(row) else kept_content(operation_id, row["name"])
	if content is None and not is_link(row):
		return [_("Not brought back: Attachment {0}: its content is kept no longer").format(row["file_name"])]
	frappe.db.savepoint("steward_file")
	try:
		file = insert_file(doc, row, content)
	except REFUSALS as error:
		frappe.db.rollback(save_point="steward_file")
		reason = message_of(error, code_of(error))
		return [_("Not brought back: Attachment {0}: {1}").format(row["file_name"], reason)]
	point_to(doc, row["file_url"], file.file_url)
	return []


def insert_file(doc: Document, row: Row, content: bytes | None) -> Document:
	"""The same File row; its bytes get the old address where that is free."""
	address = {"file_url": row["file_url"]} if content is None else {"content": content}
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": row["file_name"] if content is None else os.path.basename(unquote(row["file_url"])),
			"is_private": row["is_private"],
			"folder": row["folder"],
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			"attached_to_field": row["attached_to_field"],
			**address,
		}
	)
	file.insert(ignore_permissions=True, set_name=row["name"])
	stamps = {key: row[key] for key in ("file_name", "owner", "creation")}
	frappe.db.set_value("File", file.name, stamps, update_modified=False)
	return file


def point_to(doc: Document, old_url: str, new_url: str) -> None:
	if old_url == new_url:
		return
	for df in doc.meta.get("fields", {"fieldtype": ["in", ("Attach", "Attach Image")]}):
		if doc.get(df.fieldname) == old_url:
			doc.db_set(df.fieldname, new_url, update_modified=False)


def put_back_rows(doc: Document, companions: Companions) -> None:
	"""As they were, their authors and times too. What restoring itself wrote to these tables goes."""
	for related in (*RELATED, *OWNED.get(doc.doctype, ())):
		table, _type_field, name_field = related
		if table not in ("Dynamic Link", "Communication Link"):
			frappe.db.delete(table, filters_of(related, doc.doctype, doc.name))
		for row in companions.rows.get(table, ()):
			if not frappe.db.exists(table, row["name"]) and stands_apart(row, companions):
				insert_row(table, {**row, name_field: doc.name})


def stands_apart(row: Row, companions: Companions) -> bool:
	"""Not a row of a document that came back itself, or that is gone."""
	if not row.get("parent"):
		return True
	parent = (row["parenttype"], row["parent"])
	came_back = {(along["doctype"], along["name"]) for along in companions.documents}
	return parent not in came_back and bool(frappe.db.exists(*parent))


def insert_row(table: str, row: Row) -> None:
	columns = set(frappe.db.get_table_columns(table))
	values = {key: value for key, value in row.items() if key in columns}
	frappe.qb.into(frappe.qb.DocType(table)).columns(*values).insert(*values.values()).run()


def put_back_references(doc: Document, companions: Companions) -> None:
	"""Where the reference is still empty; somebody may have given it another one."""
	for reference in companions.references:
		name_field, type_field = reference["name_field"], reference["type_field"]
		table, name = reference["doctype"], reference["name"]
		if frappe.db.get_value(table, name, name_field) or not frappe.db.exists(table, name):
			continue
		values = {name_field: doc.name, **({type_field: doc.doctype} if type_field else {})}
		frappe.db.set_value(table, name, values, update_modified=False)
