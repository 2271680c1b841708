from __future__ import annotations

from typing import Any

import frappe

from steward.guard import guarded
from steward.operations.commit import roll_back
from steward.operations.refusal import RETRYABLE, refusal_of
from steward.operations.request import Operation
from steward.operations.run import Run


def preview_operations(operations: list[Operation]) -> dict[str, Any]:
	"""Do the list, look at it, and roll it back: a `PreviewResult`. Nothing remains."""
	try:
		with guarded("preview") as guard:
			run = Run(operations, guard)
			try:
				run.perform_all()
				return previewed(run)
			except RETRYABLE:
				raise
			except Exception as error:
				return refused(run, error)
	finally:
		roll_back()


def previewed(run: Run) -> dict[str, Any]:
	return {
		"status": "previewed",
		"hash": run.hash(),
		"operations": [step.preview for step in run.steps],
	}


def refused(run: Run, error: Exception) -> dict[str, Any]:
	"""A violation counts before the exception it led to, also when somebody swallowed it."""
	cause = run.guard.violation or error
	return {"status": "refused", "refusal": refusal_of(cause, run.at)}


def refused_as_list(message: str, code: str) -> dict[str, Any]:
	exc_type = "PermissionError" if code == "permission" else "ValidationError"
	refusal = {"operation_id": None, "exc_type": exc_type, "message": frappe._(message), "code": code}
	return {"status": "refused", "refusal": refusal}
