"""Repeats of one list wait for each other instead of running into each other.

The unique key alone decides what happens once; but requests that wait on it for the same rows can
deadlock again and again. So those with the same ids first take a lock of the database by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import frappe

#: Seconds; whoever waited longer goes on without the lock, and the unique key decides.
LONGEST_WAIT = 20


@contextmanager
def turn_of(operation_ids: list[str]) -> Iterator[None]:
	"""Wait for other requests with the same ids to end."""
	if frappe.db.db_type != "mariadb":
		yield
		return
	mark = hashlib.sha256("\n".join([frappe.local.site, *sorted(operation_ids)]).encode()).hexdigest()
	lock = f"steward:{mark[:48]}"
	frappe.db.sql("select get_lock(%s, %s)", (lock, LONGEST_WAIT))
	try:
		yield
	finally:
		frappe.db.sql("select release_lock(%s)", lock)
