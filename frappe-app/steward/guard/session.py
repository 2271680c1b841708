from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from steward.guard.install import install
from steward.guard.reads import Reads
from steward.guard.schema import may_remember_reads
from steward.guard.state import Guard, Mode

#: Process-wide memories of a request that would carry values of the transaction out of it.
LOCAL_MEMORIES = ("_webhook_queue", "_realtime_log", "system_settings", "website_settings")


@contextmanager
def guarded(mode: Mode) -> Iterator[Guard]:
	"""Run a block under the guard. On leaving, the guard is off; whoever opened it commits or rolls
	back, and then calls `forget_transaction`."""
	install()
	frappe.clear_messages()
	frappe.flags.error_message = None
	guard = Guard(mode, reads=Reads() if may_remember_reads() else None)
	frappe.local.steward_guard = guard
	try:
		yield guard
	finally:
		frappe.local.steward_guard = None


def forget_transaction() -> None:
	"""Drop what this request remembers of its transaction, so that nothing of a rolled back one
	is read or sent later."""
	frappe.local.cache = {}
	for memory in ("request_cache", "document_cache"):
		if hasattr(frappe.local, memory):
			getattr(frappe.local, memory).clear()
	for memory in LOCAL_MEMORIES:
		if getattr(frappe.local, memory, None) is not None:
			delattr(frappe.local, memory)
	frappe.local.flags.currently_saving = []
	frappe.db.value_cache.clear()
	frappe.clear_messages()
