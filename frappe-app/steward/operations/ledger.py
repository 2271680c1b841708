"""GL and stock entries of a document, read inside the transaction that wrote them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document

from steward.guard import Guard
from steward.operations.values import plain_value

GL_FIELDS = [
	"account",
	"debit",
	"credit",
	"account_currency",
	"party_type",
	"party",
	"cost_center",
	"against",
	"posting_date",
]
STOCK_FIELDS = [
	"item_code",
	"warehouse",
	"actual_qty",
	"valuation_rate",
	"stock_value_difference",
	"posting_date",
]


def gl_entries(doc: Document, guard: Guard, since: int) -> list[dict[str, Any]]:
	rows = written_rows("GL Entry", doc, GL_FIELDS, guard, since)
	for row in rows:
		row["currency"] = company_currency(doc) or row["account_currency"]
		del row["account_currency"]
	return sorted(
		rows, key=lambda row: (-row["debit"], row["account"] or "", row["party"] or "", row["credit"])
	)


def stock_entries(doc: Document, guard: Guard, since: int) -> list[dict[str, Any]]:
	rows = written_rows("Stock Ledger Entry", doc, STOCK_FIELDS, guard, since)
	return sorted(rows, key=lambda row: (row["item_code"], row["warehouse"] or "", row["actual_qty"]))


def written_rows(
	doctype: str, doc: Document, fields: list[str], guard: Guard, since: int
) -> list[dict[str, Any]]:
	"""Rows for this voucher inserted since the guard's position `since`."""
	names = [name for written, name in guard.inserted[since:] if written == doctype]
	if not names:
		return []
	rows = frappe.get_all(
		doctype,
		fields=fields,
		filters={"voucher_type": doc.doctype, "voucher_no": doc.name, "name": ["in", names]},
		order_by=None,
	)
	return [{key: plain_value(value) for key, value in row.items()} for row in rows]


def company_currency(doc: Document) -> str | None:
	company = doc.get("company")
	return frappe.get_cached_value("Company", company, "default_currency") if company else None
