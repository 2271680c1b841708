"""Making a guarded run's work real, or as if it had never been."""

from __future__ import annotations

import frappe

from steward.guard import Guard
from steward.guard.session import forget_transaction


def commit(guard: Guard) -> None:
	"""Commit, then run what waited for it. The change stands from the commit on: a job or mail that
	fails afterwards is logged and takes nothing back."""
	waiting = list(frappe.db.after_commit._functions)
	frappe.db.after_commit.reset()
	frappe.db.commit()
	for action in [*waiting, frappe.db.after_commit.run, *guard.after_commit]:
		try:
			action()
		except Exception:
			frappe.logger("steward").exception("An effect after the commit failed")
	forget_transaction()


def roll_back() -> None:
	frappe.db.rollback()
	forget_transaction()
	frappe.flags.error_message = None
