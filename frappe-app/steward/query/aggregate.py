"""Counting, summing and grouping over the rows a person may list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from steward.operations.values import plain_value
from steward.query.columns import Column, Columns
from steward.query.rows import permitted_names_sql

FUNCTIONS = ("count", "sum", "avg", "min", "max")
NUMERIC = ("Currency", "Float", "Int", "Percent", "Check", "Duration", "Rating", "Long Int")
KEY = re.compile(r"[a-z][a-z0-9_]{0,60}")
MOST_ROWS = 1000


@dataclass(frozen=True)
class Measure:
	key: str
	function: str
	column: Column | None

	@property
	def sql(self) -> str:
		if self.column is None:
			return "count(distinct `main`.`name`)"
		if self.function == "count":
			return f"count(distinct {self.column.sql})"
		return f"{self.function}({self.column.sql})"


class Aggregation:
	"""One checked `AggregateQuery`."""

	def __init__(self, query: dict[str, Any]):
		self.doctype = str(query.get("doctype") or "")
		frappe.has_permission(self.doctype, "read", throw=True)
		self.columns = Columns(self.doctype)
		self.groups = [(group_key(text), self.columns.parse(text)) for text in query.get("group_by") or []]
		self.measures = [self.measure(row) for row in query.get("measures") or []]
		self.check()
		self.filters, self.or_filters = query.get("filters") or [], query.get("or_filters") or []
		self.order_by = self.order(query.get("order_by"))
		self.limit = max(1, min(int(query.get("limit") or 100), MOST_ROWS))

	def measure(self, row: dict[str, Any]) -> Measure:
		function, key = str(row.get("function")), str(row.get("as") or "")
		if function not in FUNCTIONS or not KEY.fullmatch(key):
			frappe.throw(_("A measure needs a function and a name of its own."))
		if not row.get("field"):
			if function != "count":
				frappe.throw(_("{0} needs a field.").format(function))
			return Measure(key, function, None)
		column = self.columns.parse(row["field"])
		if function in ("sum", "avg") and column.fieldtype not in NUMERIC:
			frappe.throw(_("{0} is no number.").format(column.label))
		return Measure(key, function, column)

	def check(self) -> None:
		if not self.measures:
			frappe.throw(_("At least one measure is needed."))
		keys = [key for key, _column in self.groups] + [measure.key for measure in self.measures]
		if len(set(keys)) != len(keys):
			frappe.throw(_("Two columns have the same name."))
		tables = {column.via for column in self.used() if column.is_child}
		if len(tables) > 1:
			frappe.throw(_("Only one table of a document can be counted at once."))
		for measure in self.measures:
			if (
				tables
				and measure.column
				and not measure.column.is_child
				and measure.function in ("sum", "avg")
			):
				frappe.throw(_("A sum over documents cannot be split by the rows of a table."))

	def used(self) -> list[Column]:
		measured = [measure.column for measure in self.measures if measure.column]
		return [column for _key, column in self.groups] + measured

	def order(self, text: str | None) -> str:
		keys = {key for key, _column in self.groups} | {measure.key for measure in self.measures}
		if not text:
			first = self.groups[0][0] if self.groups else self.measures[0].key
			return f"`{first}` asc"
		parts = []
		for part in str(text).split(","):
			key, _space, direction = part.strip().partition(" ")
			direction = direction.strip().lower() or "asc"
			key = group_key(key)
			if key not in keys or direction not in ("asc", "desc"):
				frappe.throw(_("Cannot order by {0}.").format(part.strip()))
			parts.append(f"`{key}` {direction}")
		return ", ".join(parts)

	def joins(self) -> str:
		sql = ""
		for via, column in {column.via: column for column in self.used() if column.via}.items():
			on = f"`{via}`.name = `main`.`{via}`"
			if column.is_child:
				doctype = frappe.db.escape(self.doctype)
				on = (
					f"`{via}`.parent = `main`.name and `{via}`.parenttype = {doctype} "
					f"and `{via}`.parentfield = '{via}'"
				)
			sql += f" left join `tab{column.doctype}` as `{via}` on {on}"
		return sql

	def source(self) -> str:
		names = permitted_names_sql(self.columns, self.filters, self.or_filters)
		names = names.replace("%", "%%")
		permitted = f"`main`.name in (select * from ({names}) as permitted)"
		return f"from `tab{self.doctype}` as `main`{self.joins()} where {permitted}"

	def run(self) -> dict[str, Any]:
		source = self.source()
		selected = [f"{column.sql} as `{key}`" for key, column in self.groups]
		selected += [f"{measure.sql} as `{measure.key}`" for measure in self.measures]
		grouping = " group by " + ", ".join(column.sql for _key, column in self.groups) if self.groups else ""
		rows = frappe.db.sql(
			f"select {', '.join(selected)} {source}{grouping} order by {self.order_by} limit {self.limit}",
			(),
			as_dict=True,
		)
		return {
			"columns": self.described(),
			"rows": [{key: plain_value(value) for key, value in row.items()} for row in rows],
			"total_groups": self.total(source, grouping, rows),
			"currency": self.currency(source),
		}

	def total(self, source: str, grouping: str, rows: list) -> int:
		if len(rows) < self.limit:
			return len(rows)
		counted = frappe.db.sql(f"select count(*) from (select 1 {source}{grouping}) as counted", ())
		return counted[0][0]

	def currency(self, source: str) -> str | None:
		"""The one currency of the summed amounts; None when they have several or none."""
		found: set[str | None] = set()
		for measure in self.measures:
			if measure.function != "count" and measure.column and measure.column.fieldtype == "Currency":
				found |= self.currencies(measure.column, source)
		found.discard(None)
		return found.pop() if len(found) == 1 else None

	def currencies(self, column: Column, source: str) -> set[str | None]:
		"""A Currency field names the field that says its currency, or a path through a link."""
		holder = column.options or "currency"
		if ":" in holder:
			link, _colon, rest = holder.partition(":")
			if link == "Company" and self.columns.reader.meta.has_field("company"):
				return self.distinct(
					"(select default_currency from `tabCompany` where name = `main`.company)", source
				)
			return set()
		if column.via is None and self.columns.reader.meta.has_field(holder):
			return self.distinct(f"`main`.`{holder}`", source)
		if column.is_child and self.columns.reader.meta.has_field(holder):
			return self.distinct(f"`main`.`{holder}`", source)
		return {frappe.db.get_default("currency")}

	def distinct(self, sql: str, source: str) -> set[str | None]:
		return {row[0] for row in frappe.db.sql(f"select distinct {sql} {source} limit 2", ())}

	def described(self) -> list[dict[str, Any]]:
		described = [
			column_answer(key, column.label, column.fieldtype, column.options) for key, column in self.groups
		]
		for measure in self.measures:
			if measure.column is None or measure.function == "count":
				described.append(column_answer(measure.key, _("Count"), "Int", None))
			else:
				column = measure.column
				label = (
					column.label if measure.function == "sum" else f"{column.label} ({_(measure.function)})"
				)
				described.append(column_answer(measure.key, label, column.fieldtype, None))
		return described


def column_answer(key: str, label: str, fieldtype: str, options: str | None) -> dict[str, Any]:
	return {"key": key, "label": label, "fieldtype": fieldtype, "options": options}


def group_key(text: str) -> str:
	"""A group column's key: the field as it was asked for, the bucket included."""
	return str(text)


def aggregate(query: dict[str, Any]) -> dict[str, Any]:
	return Aggregation(query).run()
