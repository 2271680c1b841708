"""Whether a run may remember what it read: the text of a statement must tell which tables it touches,
and its transaction must see one snapshot."""

from __future__ import annotations

import time

import frappe

#: A view reads, and a trigger or a cascading key changes, tables that the statement does not name.
SURPRISES = """
	select exists (
			select 1 from information_schema.session_variables
			where variable_name in ('TX_ISOLATION', 'TRANSACTION_ISOLATION')
				and variable_value not in ('REPEATABLE-READ', 'SERIALIZABLE')
		)
		or exists (select 1 from information_schema.views where table_schema = database())
		or exists (select 1 from information_schema.triggers where trigger_schema = database())
		or exists (
			select 1 from information_schema.referential_constraints
			where constraint_schema = database()
		)
"""
#: Seconds for which the answer stands: Frappe itself makes none of these.
STANDS = 60

_known: dict[str, tuple[float, bool]] = {}


def may_remember_reads() -> bool:
	"""For the site of this request; other databases than MariaDB are not known well enough."""
	if frappe.db.db_type != "mariadb":
		return False
	site = frappe.local.site
	at, allowed = _known.get(site, (0.0, False))
	if not at or time.monotonic() - at > STANDS:
		allowed = not frappe.db.sql(SURPRISES)[0][0]
		_known[site] = (time.monotonic(), allowed)
	return allowed
