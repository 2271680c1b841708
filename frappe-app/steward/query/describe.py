"""A doctype as this person may know it."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.operations.mappings import mappings_from
from steward.operations.reading import Reader
from steward.operations.values import LAYOUT, SECRET, TABLES

RIGHTS = ("read", "write", "create", "submit", "cancel", "delete", "amend", "report", "export")


def describe(doctype: str) -> dict[str, Any]:
	"""The `DoctypeDescription`; refused where the person may neither read nor create."""
	require_known(doctype)
	reader = Reader(doctype)
	meta = reader.meta
	return {
		"doctype": doctype,
		"label": _(doctype),
		"module": meta.module,
		"is_submittable": bool(meta.is_submittable),
		"is_single": bool(meta.issingle),
		"is_tree": bool(meta.get("is_tree")),
		"title_field": meta.title_field or None,
		"search_fields": meta.get_search_fields(),
		"sort": f"{meta.sort_field or 'modified'} {(meta.sort_order or 'desc').lower()}",
		"permissions": {right: bool(frappe.has_permission(doctype, right)) for right in RIGHTS},
		"fields": [field(df, reader) for df in described(reader.fields())],
		"status_options": status_options(meta),
		"mappings": mappings_from(doctype),
	}


def require_known(doctype: str) -> None:
	if not frappe.db.exists("DocType", doctype):
		frappe.throw(_("There is no DocType {0}.").format(doctype), frappe.DoesNotExistError)
	if frappe.get_meta(doctype).istable:
		frappe.throw(_("{0} is part of another document.").format(_(doctype)))
	if not frappe.has_permission(doctype, "read") and not frappe.has_permission(doctype, "create"):
		frappe.throw(_("You have no permission to read {0}.").format(_(doctype)), frappe.PermissionError)


def described(fields: list) -> list:
	return [df for df in fields if df.fieldtype not in LAYOUT | SECRET]


def field(df, reader: Reader) -> dict[str, Any]:
	description = {
		"fieldname": df.fieldname,
		"label": _(df.label or df.fieldname, context=df.parent),
		"fieldtype": df.fieldtype,
		"options": df.options or None,
		"required": bool(df.reqd),
		"read_only": bool(df.read_only or getattr(df, "is_virtual", 0)),
		"in_list_view": bool(df.in_list_view),
		"default": str(df.default) if df.default not in (None, "") else None,
		"permlevel": df.permlevel or 0,
	}
	if df.fieldtype in TABLES:
		description["fields"] = [field(child, reader) for child in described(reader.child_fields(df.options))]
	return description


def status_options(meta) -> list[str]:
	status = meta.get_field("status")
	if not status or status.fieldtype != "Select":
		return []
	return [option for option in (status.options or "").split("\n") if option]
