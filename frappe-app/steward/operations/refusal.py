"""Why the site would not do it, in its own words."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils import strip_html

from steward.guard import GuardViolation

#: First match counts: subclasses before their bases.
CODES: list[tuple[str, str]] = [
	("PermissionError", "permission"),
	("MandatoryError", "mandatory"),
	("LinkValidationError", "link"),
	("CancelledLinkError", "link"),
	("LinkExistsError", "link"),
	("TimestampMismatchError", "conflict"),
	("DocumentLockedError", "conflict"),
	("DoesNotExistError", "not_found"),
	("ValidationError", "validation"),
	("NameError", "validation"),
]

#: The database asks to try again; that is no answer of ERPNext about the change.
RETRYABLE = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)


def refusal_of(error: Exception, operation_id: str | None) -> dict[str, Any]:
	"""The `SiteRefusal` for an exception raised while performing `operation_id`."""
	if isinstance(error, GuardViolation):
		return refuse(operation_id, "GuardViolation", violation_message(error), error.code)
	code = code_of(error)
	if code == "other":
		frappe.logger("steward").exception("An operation failed with an unexpected error")
	return refuse(operation_id, type(error).__name__, message_of(error, code), code)


def refuse(operation_id: str | None, exc_type: str, message: str, code: str) -> dict[str, Any]:
	return {"operation_id": operation_id, "exc_type": exc_type, "message": message, "code": code}


def code_of(error: Exception) -> str:
	names = {base.__name__ for base in type(error).__mro__ if base.__module__.startswith("frappe")}
	return next((code for name, code in CODES if name in names), "other")


def violation_message(error: GuardViolation) -> str:
	"""With what ERPNext said about it: a failed call it tells as a message, and goes on."""
	told = [plain(entry.get("message")) for entry in message_log() if not entry.get("raise_exception")]
	words = [told[-1]] if told and error.code == "outbound_http" else []
	return " ".join([str(error), *words])


def message_of(error: Exception, code: str) -> str:
	"""ERPNext's own sentence: what it threw last, else what it explained, else the exception's text."""
	told = [plain(entry.get("message")) for entry in message_log() if entry.get("raise_exception")]
	if code == "mandatory":
		told = [plain(entry.get("message")) for entry in message_log()] or told
	if told and told[-1]:
		return "\n".join(told) if code == "mandatory" else told[-1]
	explained = plain(frappe.flags.error_message) if code == "permission" else ""
	if explained:
		frappe.flags.error_message = None
		return explained
	text = plain(str(error))
	if code == "other":
		return _("ERPNext could not do this: {0}").format(text or type(error).__name__)
	return text or _(type(error).__name__)


def message_log() -> list[dict[str, Any]]:
	return [json.loads(entry) if isinstance(entry, str) else entry for entry in frappe.local.message_log]


def messages_told() -> list[dict[str, Any]]:
	"""What ERPNext told the person so far (msgprint), as plain text, and forget it."""
	told = [
		{"message": plain(entry.get("message")), "indicator": entry.get("indicator")}
		for entry in message_log()
	]
	frappe.clear_messages()
	return [entry for entry in told if entry["message"]]


def plain(html: Any) -> str:
	if isinstance(html, list | tuple):
		html = "\n".join(str(item) for item in html)
	text = strip_html(str(html or "").replace("<br>", "\n").replace("</li>", "\n"))
	return "\n".join(line.strip() for line in text.splitlines() if line.strip())
