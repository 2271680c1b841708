"""Preview, apply, read, reject and undo changes, as the person who calls."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.operations import access
from steward.operations.apply import apply_operations
from steward.operations.preview import preview_operations, refused_as_list
from steward.operations.record import outcomes
from steward.operations.refusal import refusal_of
from steward.operations.reject import reject_operations
from steward.operations.request import Operation, check_id, parse_operations
from steward.operations.undo import preview_undo_of, undo_request

MOST_IDS = 200


@frappe.whitelist(methods=["POST"])
def preview(request_id: str, operations: list | str) -> dict[str, Any]:
	"""What ERPNext would save; nothing remains on the site."""
	access.require_person()
	parsed = parsed_or_refused(operations)
	return parsed if isinstance(parsed, dict) else preview_operations(parsed)


@frappe.whitelist(methods=["POST"])
def apply(request_id: str, operations: list | str, hash: str) -> dict[str, Any]:
	"""Do what was approved under `hash`: all or nothing, exactly once."""
	access.require_person()
	if not access.may_approve():
		return not_an_approver()
	parsed = parsed_or_refused(operations)
	return parsed if isinstance(parsed, dict) else apply_operations(request_id, parsed, hash)


@frappe.whitelist(methods=["POST"])
def get(operation_ids: list | str) -> dict[str, Any]:
	"""What became of the operations; those of others only for managers and the bridge."""
	ids = checked_ids(operation_ids)
	found = outcomes(ids)
	if not access.sees_everybody():
		found = [outcome if is_own(outcome) else hidden(outcome) for outcome in found]
	return {"outcomes": found}


@frappe.whitelist(methods=["POST"])
def reject(request_id: str, operations: list | str, reason: str = "") -> dict[str, Any]:
	"""Make sure these ids are never applied, unless they already were."""
	access.require_approver()
	rows = frappe.parse_json(operations)
	if not isinstance(rows, list) or not rows:
		frappe.throw(_("At least one operation is needed."))
	return {"outcomes": reject_operations(request_id, rows, reason)}


@frappe.whitelist(methods=["POST"])
def preview_undo(request_id: str, undo_request_id: str, operation_ids: dict | str) -> dict[str, Any]:
	"""What undoing these operations would do, and what it cannot."""
	access.require_person()
	return preview_undo_of(request_id, undo_request_id, undo_ids(operation_ids))


@frappe.whitelist(methods=["POST"])
def undo(request_id: str, undo_request_id: str, operation_ids: dict | str, hash: str) -> dict[str, Any]:
	"""Undo what was approved under `hash`, newest first, exactly once."""
	access.require_person()
	if not access.may_approve():
		return not_an_approver()
	return undo_request(request_id, undo_request_id, undo_ids(operation_ids), hash)


def parsed_or_refused(operations: list | str) -> list[Operation] | dict[str, Any]:
	try:
		return parse_operations(operations)
	except Exception as error:
		refusal = refusal_of(error, None)
		frappe.clear_messages()
		return {"status": "refused", "refusal": refusal}


def not_an_approver() -> dict[str, Any]:
	message = _("You need the role {0} to approve, reject or undo changes.").format(_(access.USER))
	return refused_as_list(message, "permission")


def checked_ids(operation_ids: list | str) -> list[str]:
	ids = frappe.parse_json(operation_ids)
	if not isinstance(ids, list) or len(ids) > MOST_IDS:
		frappe.throw(_("A list of at most {0} operation ids is needed.").format(MOST_IDS))
	return [check_id(operation_id) for operation_id in ids]


def undo_ids(operation_ids: dict | str) -> dict[str, str]:
	ids = frappe.parse_json(operation_ids)
	if not isinstance(ids, dict) or not ids or len(ids) > MOST_IDS:
		frappe.throw(_("The operations to undo and their new ids are needed."))
	return {check_id(applied): check_id(undone) for applied, undone in ids.items()}


def is_own(outcome: dict[str, Any]) -> bool:
	return outcome["person"] in (None, frappe.session.user)


def hidden(outcome: dict[str, Any]) -> dict[str, Any]:
	"""That an id is taken is no secret; what it did is."""
	kept = ("operation_id", "state", "action", "doctype")
	return {key: value if key in kept else None for key, value in outcome.items()}
