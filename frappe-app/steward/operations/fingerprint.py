"""The hash of a list and its effect: SHA-256 of canonical JSON.

Equal effects have equal hashes whenever they are computed: names generated on the way are
placeholders, stamps and times defaulted to "now" are left out, rows are in a stable order.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import frappe
from frappe.utils import get_datetime, now_datetime

from steward.operations.values import ROW_LINKS, STAMPS, TABLES, plain_value

#: Stock on hand and the like: shown, but not part of what is saved for good.
PASSING = {
	"actual_qty",
	"projected_qty",
	"company_total_stock",
	"actual_batch_qty",
	"available_qty",
	"available_quantity",
	"available_quantity_at_company",
	"available_quantity_at_warehouse",
	"ordered_qty",
	"lft",
	"rgt",
	"old_parent",
	"title_hash",
}

#: Shorter generated names are replaced only where they are the whole value.
SHORTEST_EMBEDDED_NAME = 6


def canonical_hash(value: Any) -> str:
	text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
	return hashlib.sha256(text.encode()).hexdigest()


#: Labels of documents made in the transaction: (doctype, name) -> the same label next time.
Labels = dict[tuple[str, str], str]


def labels_of(inserted: list[tuple[str, str]]) -> Labels:
	labels: Labels = {}
	counts: dict[str, int] = {}
	for doctype, name in inserted:
		counts[doctype] = counts.get(doctype, 0) + 1
		labels.setdefault((doctype, name), f"<{doctype}#{counts[doctype]}>")
	return labels


class Placeholders:
	"""Replaces generated names in texts, wherever they occur. A name somebody asked for in so many
	words (a customer is named after its customer_name) is no generated one."""

	def __init__(self, labels: Labels, asked: str):
		self.names = {name: label for (_doctype, name), label in labels.items() if name and name not in asked}
		embedded = [name for name in self.names if len(name) >= SHORTEST_EMBEDDED_NAME]
		longest_first = sorted(embedded, key=len, reverse=True)
		self.pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

	def apply(self, value: Any) -> Any:
		if isinstance(value, dict):
			return {key: self.apply(item) for key, item in value.items()}
		if isinstance(value, list):
			return [self.apply(item) for item in value]
		if not isinstance(value, str):
			return value
		if value in self.names:
			return self.names[value]
		return self.pattern.sub(lambda match: self.names[match.group()], value) if self.pattern else value


def stable_effect(
	meta, image: dict[str, Any], asked: dict[str, Any], started, labels: Labels
) -> dict[str, Any]:
	"""What a document's image says for good, without what differs from one run to the next."""
	fields, tables = {}, {}
	ended = now_datetime()
	for df in meta.fields:
		value = image.get(df.fieldname)
		if df.fieldtype in TABLES:
			tables[df.fieldname] = [
				stable_row(df.options, row, started, ended, labels) for row in value or []
			]
		elif keeps(df, value, asked, started, ended):
			fields[df.fieldname] = labelled(df, value, image, labels)
	return {"docstatus": image.get("docstatus"), "fields": fields, "tables": tables}


def stable_row(doctype: str, row: dict[str, Any], started, ended, labels: Labels) -> dict[str, Any]:
	stable = {}
	for df in frappe.get_meta(doctype).fields:
		value = row.get(df.fieldname)
		if keeps(df, value, {}, started, ended):
			stable[df.fieldname] = labelled(df, value, row, labels)
	return stable


def labelled(df, value: Any, image: dict[str, Any], labels: Labels) -> Any:
	"""A link to a document made in the transaction is that document's label."""
	if df.fieldtype == "Link":
		return labels.get((df.options, value), value)
	if df.fieldtype == "Dynamic Link":
		return labels.get((image.get(df.options), value), value)
	return value


def keeps(df, value: Any, asked: dict[str, Any], started, ended) -> bool:
	if value in (None, "", 0) or df.fieldname in PASSING or df.fieldname in STAMPS | ROW_LINKS:
		return False
	if df.fieldname in asked:
		return True
	if df.fieldtype == "Time":
		return not is_defaulted_time(df, value, started, ended)
	if df.fieldtype == "Datetime":
		return not (started <= get_datetime(value) <= ended)
	return True


def is_defaulted_time(df, value: Any, started, ended) -> bool:
	if df.fieldname == "posting_time" or (df.default or "").lower() == "now":
		return True
	seconds = _seconds(str(value))
	return _seconds(str(started.time())) - 1 <= seconds <= _seconds(str(ended.time())) + 1


def _seconds(time: str) -> float:
	parts = [float(part) for part in time.split(":")]
	return sum(part * 60**power for power, part in enumerate(reversed(parts)))


def stable_rows(rows: list[dict[str, Any]], placeholders: Placeholders) -> list[dict[str, Any]]:
	replaced = [placeholders.apply({key: plain_value(value) for key, value in row.items()}) for row in rows]
	return sorted(replaced, key=lambda row: json.dumps(row, sort_keys=True))
