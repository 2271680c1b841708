"""Which values an undo puts back: only where what Steward wrote still stands."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.operations.values import LAYOUT, ROW_LINKS, SECRET, STAMPS, TABLES, same

Image = dict[str, Any]


def restoring_values(
	doctype: str, before: Image, applied: Image, current: Image, asked: Image
) -> tuple[Image, list[Image]]:
	"""Values for an update that restores `before`, and what somebody changed since."""
	values: Image = {}
	conflicts: list[Image] = []
	for df in frappe.get_meta(doctype).fields:
		if df.fieldtype in TABLES:
			table, found = restoring_rows(df, before, applied, current)
			conflicts += found
			if table is not None:
				values[df.fieldname] = table
		elif is_restorable(df, asked) and not same(
			before.get(df.fieldname), applied.get(df.fieldname), df.fieldtype
		):
			restore_field(df, before, applied, current, values, conflicts)
	return values, conflicts


def is_restorable(df, asked: Image) -> bool:
	"""What ERPNext computes, it computes again; a field somebody can set is put back."""
	if df.fieldtype in LAYOUT | SECRET:
		return False
	return df.fieldname in asked or not (df.read_only or df.hidden or df.fetch_from)


def restore_field(
	df, before: Image, applied: Image, current: Image, values: Image, conflicts: list[Image]
) -> None:
	name = df.fieldname
	if same(current.get(name), applied.get(name), df.fieldtype):
		values[name] = before.get(name)
	elif not same(current.get(name), before.get(name), df.fieldtype):
		conflicts.append(field_conflict(df, before.get(name), applied.get(name), current.get(name)))


def field_conflict(df, before: Any, applied: Any, current: Any) -> Image:
	return {
		"fieldname": df.fieldname,
		"label": _(df.label or df.fieldname, context=df.parent),
		"before": before,
		"applied": applied,
		"current": current,
		"reason": _("It was changed again since."),
	}


def restoring_rows(df, before: Image, applied: Image, current: Image) -> tuple[list | None, list[Image]]:
	"""The whole table as it was, rows matched by name; None when there is nothing to put back."""
	was, wrote, stands = (rows_by_name(image, df.fieldname) for image in (before, applied, current))
	columns = [column for column in frappe.get_meta(df.options).fields if is_restorable(column, {})]
	if list(was) == list(wrote) and all(equal_rows(columns, was[name], wrote[name]) for name in was):
		return None, []
	if set(stands) != set(wrote):
		reason = _("Rows were added or removed since.")
		return None, [{**field_conflict(df, None, None, None), "reason": reason}]
	conflicts: list[Image] = []
	rows = [
		restored_row(df, columns, row, wrote.get(name), stands.get(name), conflicts)
		for name, row in was.items()
	]
	for name in wrote:
		if name not in was and not equal_rows(columns, wrote[name], stands[name]):
			rows.append({"name": name})
			conflicts.append(row_conflict(df, stands[name], _("The row was changed since it was added.")))
	return rows, conflicts


def restored_row(
	df, columns: list, row: Image, wrote: Image | None, stands: Image | None, conflicts: list
) -> Image:
	if wrote is None or stands is None:
		return {
			column.fieldname: row.get(column.fieldname) for column in columns if row.get(column.fieldname)
		}
	restored: Image = {"name": row["name"]}
	changed: list[Image] = []
	for column in columns:
		if not same(row.get(column.fieldname), wrote.get(column.fieldname), column.fieldtype):
			restore_field(column, row, wrote, stands, restored, changed)
	for conflict in changed:
		label = _("{0}, row {1}: {2}").format(_(df.label or df.fieldname), row.get("idx"), conflict["label"])
		conflicts.append({**conflict, "fieldname": df.fieldname, "label": label})
	return restored


def row_conflict(df, row: Image, reason: str) -> Image:
	label = _("{0}, row {1}").format(_(df.label or df.fieldname), row.get("idx"))
	return {**field_conflict(df, None, None, None), "label": label, "reason": reason}


def rows_by_name(image: Image, fieldname: str) -> dict[str, Image]:
	return {row["name"]: row for row in image.get(fieldname) or []}


def equal_rows(columns: list, one: Image, other: Image) -> bool:
	return all(
		same(one.get(column.fieldname), other.get(column.fieldname), column.fieldtype) for column in columns
	)


def changed_since(doctype: str, applied: Image, current: Image) -> list[Image]:
	"""What people changed in a document after Steward made it."""
	changed = []
	for df in frappe.get_meta(doctype).fields:
		if df.fieldtype in TABLES:
			columns = [column for column in frappe.get_meta(df.options).fields if is_restorable(column, {})]
			one, other = rows_by_name(applied, df.fieldname), rows_by_name(current, df.fieldname)
			if set(one) != set(other) or not all(equal_rows(columns, one[name], other[name]) for name in one):
				changed.append(field_conflict(df, None, None, None))
		elif is_restorable(df, {}) and df.fieldname != "status":
			if not same(applied.get(df.fieldname), current.get(df.fieldname), df.fieldtype):
				changed.append(field_conflict(df, None, applied.get(df.fieldname), current.get(df.fieldname)))
	return changed


def insertable(image: Image) -> Image:
	"""A stored image as the content of a new document."""
	dropped = STAMPS | {"name", "docstatus", "idx", "amended_from"}
	doc = {key: value for key, value in image.items() if key not in dropped and not key.startswith("_")}
	for key, value in doc.items():
		if isinstance(value, list):
			doc[key] = [
				{name: cell for name, cell in row.items() if name not in STAMPS | ROW_LINKS} for row in value
			]
	return doc
