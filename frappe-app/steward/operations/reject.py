"""Taking an id so that it can never be applied; the unique key decides against an apply under way."""

from __future__ import annotations

from typing import Any

import frappe

from steward.operations.apply import ATTEMPTS
from steward.operations.record import IdTaken, insert_rows, outcomes, stored_rows
from steward.operations.request import check_id


def reject_operations(request_id: str, operations: list, reason: str) -> list[dict[str, Any]]:
	"""Insert a rejected row for each id that has none; answers what ERPNext holds of each now."""
	wanted = {check_id(row if isinstance(row, str) else row.get("operation_id")): row for row in operations}
	for _attempt in range(ATTEMPTS):
		frappe.db.rollback()
		missing = [operation_id for operation_id in wanted if operation_id not in stored_rows(list(wanted))]
		if not missing:
			break
		try:
			insert_rows(
				[
					rejected_row(request_id, operation_id, wanted[operation_id], reason)
					for operation_id in missing
				]
			)
			frappe.db.commit()
			break
		except IdTaken:
			continue
	frappe.db.rollback()
	return outcomes(list(wanted))


def rejected_row(request_id: str, operation_id: str, row: Any, reason: str) -> dict[str, Any]:
	row = row if isinstance(row, dict) else {}
	name = row.get("name")
	return {
		"name": operation_id,
		"state": "rejected",
		"action": row.get("action") or None,
		"reference_doctype": row.get("doctype") or None,
		"reference_name": name if isinstance(name, str) else None,
		"person": frappe.session.user,
		"request_id": request_id,
		"reason": (reason or "")[:500],
	}
