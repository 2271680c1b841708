"""Which documents the person may list under some filters: exactly those Desk's list shows."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.query.columns import Columns

OPERATORS = {
	"=",
	"!=",
	">",
	"<",
	">=",
	"<=",
	"like",
	"not like",
	"in",
	"not in",
	"is",
	"between",
	"timespan",
	"descendants of",
	"not descendants of",
	"ancestors of",
	"not ancestors of",
}
MOST_LINKED = 5000


def permitted_names_sql(columns: Columns, filters: list, or_filters: list) -> str:
	"""A SQL select of the names, by `frappe.get_list` with all its permissions."""
	query = frappe.get_list(
		columns.doctype,
		fields=["name"],
		filters=[frappe_filter(columns, row) for row in filters],
		or_filters=[frappe_filter(columns, row) for row in or_filters] or None,
		order_by=None,
		run=False,
	)
	return query if isinstance(query, str) else query.get_sql()


def frappe_filter(columns: Columns, row: Any) -> list:
	if not isinstance(row, list | tuple) or len(row) != 3:
		frappe.throw(_("A filter is a field, an operator and a value."))
	path, operator, value = row
	operator = str(operator).lower()
	if operator not in OPERATORS:
		frappe.throw(_("{0} is no operator of a filter.").format(operator))
	column = columns.resolve(str(path))
	if column.via and not column.is_child:
		return [columns.doctype, column.via, "in", linked_names(column, operator, value)]
	return [column.doctype, column.fieldname, operator, value]


def linked_names(column, operator: str, value: Any) -> list[str]:
	"""The linked documents that match; an impossible name when there are none."""
	names = frappe.get_list(
		column.doctype,
		filters=[[column.doctype, column.fieldname, operator, value]],
		pluck="name",
		limit=MOST_LINKED,
		order_by="name asc",
	)
	return names or ["\u0000"]
