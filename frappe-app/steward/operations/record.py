"""Steward Operation rows: the unique id is what makes an operation happen once.

Rows are inserted inside the transaction of the change; a second transaction with the same id waits
for the first one at the unique key, and then finds it taken. This is the only code that writes them.
"""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone, now_datetime

DOCTYPE = "Steward Operation"
OUTCOME_FIELDS = [
	"name",
	"state",
	"action",
	"reference_doctype",
	"reference_name",
	"reference_title",
	"docstatus_after",
	"modified_after",
	"decided_at",
	"effect_hash",
	"person",
	"request_id",
	"undo_of",
]


class IdTaken(Exception):
	"""Another transaction has an id (or has undone the operation) already."""


def insert_rows(rows: list[dict[str, Any]]) -> None:
	"""Claim the ids, in one order for everybody so that two lists cannot lock each other out. All rows
	have the same columns."""
	now = now_datetime()
	stamps = {
		"creation": now,
		"modified": now,
		"owner": frappe.session.user,
		"modified_by": frappe.session.user,
	}
	decided = {"docstatus": 0, "idx": 0, "decided_at": now}
	full = [{**stamps, **decided, "operation_id": row["name"], **row} for row in rows]
	full.sort(key=lambda row: row["name"])
	insert = frappe.qb.into(frappe.qb.DocType(DOCTYPE)).columns(*full[0])
	try:
		insert.insert(*([row[column] for column in full[0]] for row in full)).run()
	except Exception as error:
		if frappe.db.is_duplicate_entry(error):
			raise IdTaken from error
		raise


def complete_row(operation_id: str, values: dict[str, Any]) -> None:
	"""Fill in the effect before the claiming transaction commits."""
	frappe.db.set_value(DOCTYPE, operation_id, values, update_modified=False)


def stored_rows(operation_ids: list[str]) -> dict[str, dict[str, Any]]:
	rows = frappe.get_all(
		DOCTYPE, fields=OUTCOME_FIELDS, filters={"name": ["in", operation_ids]}, order_by=None
	)
	return {row.name: row for row in rows}


def undone_by(operation_ids: list[str]) -> dict[str, str]:
	rows = frappe.get_all(
		DOCTYPE, fields=["name", "undo_of"], filters={"undo_of": ["in", operation_ids]}, order_by=None
	)
	return {row.undo_of: row.name for row in rows}


def outcomes(operation_ids: list[str]) -> list[dict[str, Any]]:
	"""An `OperationOutcome` for each id, in the order asked for."""
	rows, undone = stored_rows(operation_ids), undone_by(operation_ids)
	return [
		outcome(operation_id, rows.get(operation_id), undone.get(operation_id))
		for operation_id in operation_ids
	]


def outcome(operation_id: str, row: dict[str, Any] | None, undone: str | None) -> dict[str, Any]:
	row = row or {}
	name = row.get("reference_name")
	stands = bool(name) and row.get("state") == "applied" and row.get("action") != "delete"
	return {
		"operation_id": operation_id,
		"state": row.get("state") or "unknown",
		"action": row.get("action") or "create",
		"doctype": row.get("reference_doctype") or "",
		"name": name,
		"title": row.get("reference_title"),
		"docstatus": row.get("docstatus_after") if stands else None,
		"modified": row.get("modified_after"),
		"at": utc_text(row.get("decided_at")),
		"path": desk_path(row["reference_doctype"], name) if stands else None,
		"hash": row.get("effect_hash"),
		"person": row.get("person"),
		"request_id": row.get("request_id"),
		"undone_by": undone,
	}


def desk_path(doctype: str, name: str) -> str:
	"""Frappe 16 moved Desk; its redirect from the old address garbles names with a slash."""
	desk = "app" if frappe.__version__.startswith("15.") else "desk"
	return f"/{desk}/{quote(doctype.lower().replace(' ', '-'))}/{quote(name, safe='')}"


def utc_text(moment: datetime.datetime | None) -> str | None:
	"""A naive time of the site's zone as RFC 3339 UTC."""
	if moment is None:
		return None
	local = moment.replace(tzinfo=ZoneInfo(get_system_timezone()))
	return local.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
