"""Applying an approved list: all or nothing, exactly once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _

from steward.guard import guarded
from steward.operations import kept_files
from steward.operations.commit import commit, roll_back
from steward.operations.preview import preview_operations, refused
from steward.operations.record import IdTaken, complete_row, insert_rows, outcomes, stored_rows
from steward.operations.refusal import RETRYABLE
from steward.operations.request import Operation
from steward.operations.run import Run, Step
from steward.operations.turn import turn_of

#: Against a lost race for an id, and against deadlocks; each attempt starts from nothing.
ATTEMPTS = 4


def apply_operations(request_id: str, operations: list[Operation], approved: str) -> dict[str, Any]:
	"""The `ApplyResult` for the list under the hash the person approved."""
	with turn_of([operation.operation_id for operation in operations]):
		return settle_or(
			lambda: settle(operations, approved),
			lambda: apply_once(request_id, operations, approved),
		) or conflict(operations, _("The ids of this list are being used by another request."))


def settle_or(settled: Callable[[], dict | None], attempt: Callable[[], dict]) -> dict[str, Any] | None:
	"""What is stored already, else the outcome of an attempt, each from a fresh snapshot. None when
	the ids were taken every time and yet nothing is stored."""
	for number in range(1, ATTEMPTS + 1):
		frappe.db.rollback()
		answer = settled()
		if answer is not None:
			return answer
		try:
			return attempt()
		except IdTaken:
			roll_back()
		except RETRYABLE:
			roll_back()
			if number == ATTEMPTS:
				raise
	frappe.db.rollback()
	return settled()


def settle(operations: list[Operation], approved: str) -> dict[str, Any] | None:
	"""What the stored rows say about these ids already; None when nothing is known of them."""
	rows = stored_rows([operation.operation_id for operation in operations])
	if not rows:
		return None
	if any(row.state == "rejected" for row in rows.values()):
		return {"status": "rejected", "outcomes": outcomes_of(operations)}
	if all(is_same(operation, rows.get(operation.operation_id), approved) for operation in operations):
		return {"status": "applied", "repeated": True, "outcomes": outcomes_of(operations)}
	return conflict(operations, _("An operation id was used before for something else."))


def is_same(operation: Operation, row: dict[str, Any] | None, approved: str) -> bool:
	return bool(row) and (row["effect_hash"], row["person"], row["action"], row["reference_doctype"]) == (
		approved,
		frappe.session.user,
		operation.action,
		operation.doctype,
	)


def conflict(operations: list[Operation], message: str) -> dict[str, Any]:
	return {"status": "conflict", "message": message, "outcomes": outcomes_of(operations)}


def outcomes_of(operations: list[Operation]) -> list[dict[str, Any]]:
	return outcomes([operation.operation_id for operation in operations])


def apply_once(request_id: str, operations: list[Operation], approved: str) -> dict[str, Any]:
	# From here on a snapshot as fresh as can be: what was read so far belongs to an older one.
	frappe.db.rollback()
	refusal, is_approved = None, False
	with guarded("apply") as guard:
		run = Run(operations, guard, describes=False)
		try:
			insert_rows(
				[claim(request_id, operation, index, approved) for index, operation in enumerate(operations)]
			)
			run.perform_all()
			is_approved = run.hash() == approved
			if is_approved:
				complete_rows(run)
		except (IdTaken, *RETRYABLE):
			raise
		except Exception as error:
			refusal = refused(run, error)
	if refusal is None and is_approved:
		commit(guard)
		return {"status": "applied", "repeated": False, "outcomes": outcomes_of(operations)}
	roll_back()
	return refusal or changed(preview_operations(operations))


def changed(preview: dict[str, Any]) -> dict[str, Any]:
	"""What the person is shown instead of what was approved; nothing of that was saved."""
	return {"status": "changed", "preview": preview} if preview["status"] == "previewed" else preview


def claim(request_id: str, operation: Operation, index: int, approved: str) -> dict[str, Any]:
	"""The row that takes the id before the work begins."""
	return {
		"name": operation.operation_id,
		"state": "applied",
		"action": operation.action,
		"reference_doctype": operation.doctype,
		"person": frappe.session.user,
		"request_id": request_id,
		"effect_hash": approved,
		"idx_in_request": index + 1,
		"asked": json.dumps(operation.as_asked(), indent=1, default=str),
	}


def complete_rows(run: Run) -> None:
	for step in run.steps:
		complete_row(step.operation.operation_id, effect_of(step))
		if step.companions:
			kept_files.keep(step.operation.operation_id, step.companions.files)


def effect_of(step: Step) -> dict[str, Any]:
	after = step.after or {}
	return {
		"reference_name": step.name,
		"reference_title": (step.title or "")[:140] or None,
		"docstatus_after": after.get("docstatus") or 0,
		"modified_after": after.get("modified"),
		"before_image": json.dumps(step.before, default=str) if step.before else None,
		"after_image": json.dumps(step.after, default=str) if step.after else None,
		"companions": step.companions.as_json() if step.companions else None,
	}
