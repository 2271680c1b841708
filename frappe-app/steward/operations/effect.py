"""What an operation would save, field by field, with who set it: the card's content."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.meta import get_field_currency
from frappe.model.workflow import get_workflow_name, get_workflow_state_field

from steward.operations.reading import Reader
from steward.operations.table_effect import table_effects
from steward.operations.values import LAYOUT, SECRET, TABLES, plain_value, same

#: Shown apart, in this order.
TOTALS = (
	"total_qty",
	"total",
	"net_total",
	"total_taxes_and_charges",
	"discount_amount",
	"grand_total",
	"rounding_adjustment",
	"rounded_total",
	"total_advance",
	"paid_amount",
	"received_amount",
	"total_allocated_amount",
	"unallocated_amount",
	"outstanding_amount",
	"total_debit",
	"total_credit",
)
#: Never worth a line on the card.
NOISE = {
	"naming_series",
	"amended_from",
	"language",
	"letter_head",
	"in_words",
	"base_in_words",
	"lft",
	"rgt",
}


def effects(
	doctype: str,
	before: dict[str, Any] | None,
	after: dict[str, Any] | None,
	asked: dict[str, Any],
	doc: Document | None,
) -> dict[str, list]:
	"""`fields`, `tables` and `totals` of an OperationPreview, without what the person may not read."""
	reader, state_field = Reader(doctype), workflow_state_field(doctype)
	fields, totals = [], []
	for df in reader.fields():
		if df.fieldtype in LAYOUT | SECRET | TABLES:
			continue
		if is_nothing(df, before, after, asked):
			continue
		effect = field_effect(df, before, after, asked, doc)
		if df.fieldname in TOTALS:
			if effect["after"] or effect["before"]:
				totals.append(effect)
		elif is_worth_a_line(df, effect, before, state_field):
			fields.append(effect)
	totals.sort(key=lambda effect: TOTALS.index(effect["fieldname"]))
	return {"fields": fields, "tables": table_effects(reader, before, after, asked), "totals": totals}


def is_nothing(df, before: dict | None, after: dict | None, asked: dict) -> bool:
	"""A field without a value before and after, of which nobody spoke: most fields are like that."""
	was, becomes = (before or {}).get(df.fieldname), (after or {}).get(df.fieldname)
	return not was and not becomes and df.fieldname not in asked


def field_effect(
	df, before: dict | None, after: dict | None, asked: dict, doc: Document | None
) -> dict[str, Any]:
	was, becomes = (before or {}).get(df.fieldname), (after or {}).get(df.fieldname)
	effect = {
		"fieldname": df.fieldname,
		"label": _(df.label or df.fieldname, context=df.parent),
		"fieldtype": df.fieldtype,
		"options": options_of(df, doc),
		"before": plain_value(was),
		"after": plain_value(becomes),
		"set_by": set_by(df.fieldtype, was, becomes, asked, df.fieldname),
		"title": link_title(df, becomes),
	}
	if df.fieldname in asked:
		effect["asked"] = plain_value(asked[df.fieldname])
	return effect


def set_by(fieldtype: str, was: Any, becomes: Any, asked: dict, fieldname: str) -> str:
	if fieldname in asked:
		return "person" if same(asked[fieldname], becomes, fieldtype) else "site_changed"
	return "unchanged" if same(was, becomes, fieldtype) else "site"


def is_worth_a_line(df, effect: dict[str, Any], before: dict | None, state_field: str | None) -> bool:
	if "asked" in effect:
		return True
	if effect["set_by"] == "unchanged" or df.fieldname in NOISE:
		return False
	# Frappe hides the field of a workflow's state, and shows the state as the document's own.
	if df.fieldname == state_field:
		return True
	if df.hidden or df.print_hide and df.read_only and before is None:
		return False
	return not (before is None and df.fieldtype == "Check" and str(df.default or 0) == str(effect["after"]))


def workflow_state_field(doctype: str) -> str | None:
	name = get_workflow_name(doctype)
	return get_workflow_state_field(name) if name else None


def options_of(df, doc: Document | None) -> str | None:
	if df.fieldtype == "Currency" and doc is not None:
		return get_field_currency(df, doc)
	if df.fieldtype == "Dynamic Link" and doc is not None:
		return doc.get(df.options)
	return df.options if df.fieldtype in ("Link", "Table", "Table MultiSelect", "Select") else None


def link_title(df, value: Any) -> str | None:
	"""The title of a link's target, where it has one that is not its name."""
	if df.fieldtype != "Link" or not value:
		return None
	title_field = frappe.get_meta(df.options).title_field
	if not title_field or not frappe.has_permission(df.options, "read"):
		return None
	title = frappe.db.get_value(df.options, value, title_field)
	return title if title and title != value else None
