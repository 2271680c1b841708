from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.operations.reading import Reader
from steward.operations.values import LAYOUT, SECRET, TABLES, plain_value, same

#: Columns worth seeing beside those of the grid, where a table has them.
MONEY_COLUMNS = ("qty", "uom", "price_list_rate", "discount_percentage", "discount_amount", "rate", "amount")


def table_effects(
	reader: Reader, before: dict | None, after: dict | None, asked: dict
) -> list[dict[str, Any]]:
	effects = []
	for df in reader.fields():
		if df.fieldtype not in TABLES:
			continue
		effect = table_effect(reader, df, before, after, asked.get(df.fieldname))
		changed = any(row["change"] != "unchanged" for row in effect["rows"])
		if changed or df.fieldname in asked:
			effects.append(effect)
	return effects


def table_effect(
	reader: Reader, df, before: dict | None, after: dict | None, asked: list | None
) -> dict[str, Any]:
	rows_before = (before or {}).get(df.fieldname) or []
	rows_after = (after or {}).get(df.fieldname) or []
	columns = columns_of(reader, df.options, asked or [], rows_before + rows_after)
	return {
		"fieldname": df.fieldname,
		"label": _(df.label or df.fieldname, context=df.parent),
		"doctype": df.options,
		"columns": [
			{
				"fieldname": column.fieldname,
				"label": _(column.label or column.fieldname, context=column.parent),
				"fieldtype": column.fieldtype,
				"options": column.options if column.fieldtype in ("Link", "Select") else None,
			}
			for column in columns
		],
		"rows": row_effects(columns, rows_before, rows_after, asked),
	}


def columns_of(reader: Reader, doctype: str, asked: list, rows: list) -> list:
	"""The grid's columns, those asked for and those of money, in the doctype's order; empty ones not."""
	named = {key for row in asked for key in row}
	columns = []
	for df in reader.child_fields(doctype):
		if df.fieldtype in LAYOUT | SECRET | TABLES:
			continue
		used = any(row.get(df.fieldname) not in (None, "", 0) for row in rows)
		shown = (df.in_list_view and not df.hidden) or df.fieldname in MONEY_COLUMNS
		if df.fieldname in named or (shown and used):
			columns.append(df)
	return columns


def row_effects(
	columns: list, rows_before: list, rows_after: list, asked: list | None
) -> list[dict[str, Any]]:
	previous = {row["name"]: row for row in rows_before}
	kept = {row["name"] for row in rows_after}
	effects = [
		row_effect(columns, index, previous.get(row["name"]), row, asked_row(asked, index, row))
		for index, row in enumerate(rows_after)
	]
	for row in rows_before:
		if row["name"] not in kept:
			cells = {df.fieldname: removed_cell(df, row) for df in columns}
			effects.append({"idx": row.get("idx"), "name": row["name"], "change": "removed", "cells": cells})
	return effects


def asked_row(asked: list | None, index: int, row: dict) -> dict | None:
	"""The row of the request that became `row`: by name, else by its place."""
	if asked is None:
		return None
	for given in asked:
		if given.get("name") and given["name"] == row["name"]:
			return given
	if index < len(asked) and not asked[index].get("name"):
		return asked[index]
	return {}


def row_effect(columns: list, index: int, was: dict | None, row: dict, asked: dict | None) -> dict[str, Any]:
	cells = {df.fieldname: cell_effect(df, was, row, asked or {}) for df in columns}
	touched = any(cell["set_by"] != "unchanged" for cell in cells.values())
	change = "added" if was is None else "changed" if touched else "unchanged"
	return {
		"idx": row.get("idx") or index + 1,
		"name": row["name"] if was is not None else None,
		"change": change,
		"cells": cells,
	}


def cell_effect(df, was: dict | None, row: dict, asked: dict) -> dict[str, Any]:
	value, previous = row.get(df.fieldname), (was or {}).get(df.fieldname)
	cell: dict[str, Any] = {"after": plain_value(value)}
	if was is not None:
		cell["before"] = plain_value(previous)
	if df.fieldname in asked:
		cell["asked"] = plain_value(asked[df.fieldname])
	if df.fieldname in asked and (was is None or not same(previous, asked[df.fieldname], df.fieldtype)):
		cell["set_by"] = "person" if same(asked[df.fieldname], value, df.fieldtype) else "site_changed"
	elif same(previous, value, df.fieldtype):
		cell["set_by"] = "unchanged"
	else:
		cell["set_by"] = "site"
	return cell


def removed_cell(df, row: dict) -> dict[str, Any]:
	value = plain_value(row.get(df.fieldname))
	return {"before": value, "after": None, "set_by": "unchanged" if value is None else "person"}


def title_of(doctype: str, image: dict[str, Any] | None) -> str | None:
	"""A document's title as lists show it."""
	if not image:
		return None
	title_field = frappe.get_meta(doctype).get_title_field()
	title = image.get(title_field)
	return str(title) if title else None
