"""Commits, full rollbacks and whatever else MariaDB does not take back."""

from __future__ import annotations

import re

import frappe
from frappe.database.database import Database

from steward.guard.install import wrap
from steward.guard.reads import ask_again, ask_sql
from steward.guard.state import current

#: Statements that end the transaction, by themselves or implicitly.
ENDS_TRANSACTION = re.compile(
	r"\s*(commit|rollback(?!\s+to\b)|start\s+transaction|begin|alter|create(?!\s+temporary)|"
	r"drop(?!\s+temporary)|truncate|rename|lock\s+tables)\b",
	re.IGNORECASE,
)

#: MyISAM tables of Frappe: their rows survive a rollback.
SEARCH_TABLE = "__global_search"


def install() -> None:
	wrap(Database, "commit", commit)
	wrap(Database, "rollback", rollback)
	wrap(Database, "sql", sql)
	wrap(Database, "get_values", get_values)
	wrap(frappe, "get_all", get_all)
	wrap(Database, "delete", delete)
	wrap(Database, "set_value", set_value)
	wrap(Database, "get_next_sequence_val", get_next_sequence_val)


def commit(original, self, *args, **kwargs):
	guard = current()
	# Frappe 16 ignores a commit inside document events: nothing leaves the transaction then.
	if guard is None or getattr(self, "_disable_transaction_control", 0):
		return original(self, *args, **kwargs)
	raise guard.refuse(
		"inner_commit", frappe._("This action saves parts of its work by itself, so it cannot be taken back.")
	)


def rollback(original, self, *args, save_point=None, **kwargs):
	guard = current()
	if guard is None or save_point or getattr(self, "_disable_transaction_control", 0):
		return original(self, *args, save_point=save_point, **kwargs)
	raise guard.refuse("inner_commit", frappe._("This action rolls the whole transaction back by itself."))


def sql(original, self, query, *args, **kwargs):
	guard = current()
	if guard is None:
		return original(self, query, *args, **kwargs)
	if ENDS_TRANSACTION.match(str(query)):
		statement = " ".join(str(query).split())[:60]
		raise guard.refuse(
			"inner_commit", frappe._("This action ends the transaction by itself ({0}).").format(statement)
		)
	if guard.reads is None:
		return original(self, query, *args, **kwargs)
	return ask_sql(guard.reads, original, self, query, args, kwargs)


def get_values(original, self, *args, **kwargs):
	guard = current()
	if guard is None or guard.reads is None:
		return original(self, *args, **kwargs)
	whose = (id(self), "get_values")
	return ask_again(guard.reads, whose, lambda: original(self, *args, **kwargs), args, kwargs)


def get_all(original, *args, **kwargs):
	guard = current()
	if guard is None or guard.reads is None:
		return original(*args, **kwargs)
	whose = (id(frappe.local.db), "get_all", frappe.session.user)
	return ask_again(guard.reads, whose, lambda: original(*args, **kwargs), args, kwargs)


def delete(original, self, doctype, filters=None, *args, **kwargs):
	guard = current()
	if guard is not None and doctype == SEARCH_TABLE:
		if guard.mode == "apply":
			guard.after_commit.append(lambda: frappe.db.delete(SEARCH_TABLE, filters))
		return None
	return original(self, doctype, filters, *args, **kwargs)


def set_value(original, self, dt, dn, *args, **kwargs):
	guard = current()
	if guard is not None and isinstance(dn, str | int) and dn:
		guard.updated.append((dt, str(dn)))
	return original(self, dt, dn, *args, **kwargs)


def get_next_sequence_val(original, self, *args, **kwargs):
	"""A sequence is not transactional: a preview counts on from the highest row instead."""
	guard = current()
	if guard is None or guard.mode != "preview":
		return original(self, *args, **kwargs)
	doctype = args[0] if args else kwargs["doctype_name"]
	if doctype not in guard.sequences:
		highest = frappe.db.sql(f"select max(cast(name as unsigned)) from `tab{doctype}`")
		guard.sequences[doctype] = int(highest[0][0] or 0)
	guard.sequences[doctype] += 1
	return guard.sequences[doctype]
