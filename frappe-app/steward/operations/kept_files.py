"""The bytes of attachments that go with a deleted document, kept for its undo.

Frappe removes an attachment's bytes once no File row needs them. So the deletion's own transaction
writes them to `Steward Kept File` rows, which Frappe's log clearing takes away after a month.
"""

from __future__ import annotations

import base64
import os
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

DOCTYPE = "Steward Kept File"
REMOTE = ("http://", "https://")
LARGEST = 8 * 1024 * 1024
LARGEST_TOGETHER = 24 * 1024 * 1024

Row = dict[str, Any]


def attachments_of(doctype: str, name: str) -> tuple[list[Row], list[str]]:
	"""The File rows that can come back, and a sentence for each that cannot."""
	rows = frappe.get_all(
		"File",
		fields=["*"],
		filters={"attached_to_doctype": doctype, "attached_to_name": name},
		order_by="creation asc",
	)
	kept, lost, left = [], [], LARGEST_TOGETHER
	for row in rows:
		size = stored_size(row)
		if size is None:
			lost.append(_("Attachment {0}: ERPNext does not hold its content").format(row.file_name))
		elif size > min(LARGEST, left):
			lost.append(
				_("Attachment {0}: too large to keep ({1} MB)").format(row.file_name, megabytes(size))
			)
		else:
			left -= size
			kept.append(row)
	return kept, lost


def stored_size(row: Row) -> int | None:
	"""Bytes to keep; 0 for a link to elsewhere, None when there is nothing to read."""
	if is_link(row):
		return None if frappe.get_hooks("delete_file_data_content") else 0
	try:
		return os.path.getsize(path_of(row))
	except OSError:
		return None


def is_link(row: Row) -> bool:
	return (row["file_url"] or "").startswith(REMOTE)


def path_of(row: Row) -> str:
	return frappe.get_doc({"doctype": "File", **row}).get_full_path()


def megabytes(size: int) -> str:
	return f"{size / 1024 / 1024:.1f}"


def keep(operation_id: str, rows: list[Row]) -> None:
	"""Copy the bytes while they are still there: they go after the commit."""
	for row in rows:
		if is_link(row):
			continue
		with open(path_of(row), "rb") as file:
			content = base64.b64encode(file.read()).decode()
		insert_kept(operation_id, row, content)


def insert_kept(operation_id: str, row: Row, content: str) -> None:
	now, user = now_datetime(), frappe.session.user
	values = {
		"name": frappe.generate_hash(length=10),
		"creation": now,
		"modified": now,
		"owner": user,
		"modified_by": user,
		"operation": operation_id,
		"file_id": row["name"],
		"file_name": row["file_name"],
		"file_size": row["file_size"],
		"content": content,
	}
	frappe.qb.into(frappe.qb.DocType(DOCTYPE)).columns(*values).insert(*values.values()).run()


def kept_content(operation_id: str, file_id: str) -> bytes | None:
	content = frappe.db.get_value(DOCTYPE, {"operation": operation_id, "file_id": file_id}, "content")
	return base64.b64decode(content) if content else None
