"""Other documents an operation writes, as the card lists them."""

from __future__ import annotations

from typing import Any

import frappe

from steward.guard import Guard

#: Shown elsewhere (ledgers, deferred mail) or bookkeeping of the framework itself.
UNREMARKABLE = {
	"GL Entry",
	"Stock Ledger Entry",
	"Payment Ledger Entry",
	"Advance Payment Ledger Entry",
	"Serial and Batch Entry",
	"Bin",
	"Company",
	"Version",
	"Comment",
	"Deleted Document",
	"Email Queue",
	"Email Queue Recipient",
	"Notification Log",
	"Activity Log",
	"Access Log",
	"Error Log",
	"View Log",
	"Singles",
	"DefaultValue",
	"Series",
	"Item Wise Tax Detail",
	"Repost Item Valuation",
	"Tag Link",
	"DocShare",
	"User",
	"File",
	"Steward Operation",
}
MOST = 50


def side_effects(guard: Guard, marks: tuple, step) -> list[dict[str, Any]]:
	own = (step.doctype, step.name)
	listed: dict[tuple[str, str], str] = {}
	inserted, updated, deleted = (
		guard.inserted[marks[0] :],
		guard.updated[marks[1] :],
		guard.deleted[marks[2] :],
	)
	for change, written in (("created", inserted), ("updated", updated), ("deleted", deleted)):
		for doctype, name in written:
			if (doctype, name) != own and is_remarkable(doctype, change):
				keep(listed, (doctype, name), change)
	return [
		{"doctype": doctype, "name": name if change != "created" else None, "change": change}
		for (doctype, name), change in list(listed.items())[:MOST]
	]


def keep(listed: dict[tuple[str, str], str], written: tuple[str, str], change: str) -> None:
	if change != "updated" or written not in listed:
		listed[written] = change


def is_remarkable(doctype: str, change: str) -> bool:
	if doctype in UNREMARKABLE:
		return False
	# Through `set_value` a table can be written that is no doctype's.
	if change == "updated" and not frappe.db.exists("DocType", doctype):
		return False
	return not frappe.get_meta(doctype).istable
