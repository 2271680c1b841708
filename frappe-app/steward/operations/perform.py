"""Doing one operation to one document, as the person, with ERPNext's own methods."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model import default_fields
from frappe.model.document import Document
from frappe.utils import get_datetime

from steward.operations import workflow
from steward.operations.mappings import make_from_source
from steward.operations.policy import why_denied
from steward.operations.request import Operation
from steward.operations.values import LAYOUT, SECRET, TABLES

#: Their `set_missing_values` is for documents made from others and asks for what a save fills in.
FILLS_ITSELF = ("Payment Entry", "Stock Entry")
#: Set by Frappe itself; a child row may still say which row it is.
NEVER_SET = (set(default_fields) | {"amended_from"}) - {"name"}


def perform(
	operation: Operation, name: str | None, values: dict[str, Any], source: dict | None
) -> Document | None:
	"""Do it; answers the document, or None when it was deleted. References are resolved already."""
	denied = why_denied(operation.doctype)
	if denied:
		frappe.throw(denied, frappe.PermissionError)
	if operation.action == "create":
		return create(operation.doctype, values, source)
	doc = load(operation, name)
	if operation.action == "update":
		set_values(doc, values)
		doc.save()
	elif operation.action == "submit":
		return workflow.submit(doc)
	elif operation.action == "cancel":
		return workflow.cancel(doc)
	elif operation.action == "amend":
		return amend(doc, values)
	else:
		frappe.delete_doc(doc.doctype, doc.name, ignore_missing=False)
		return None
	return doc


def load(operation: Operation, name: str | None) -> Document:
	"""The document as it is now, locked; refused when somebody changed it since."""
	doc = frappe.get_doc(operation.doctype, name, for_update=True)
	doc.check_permission("read")
	if operation.base_modified and get_datetime(operation.base_modified) != get_datetime(doc.modified):
		frappe.throw(
			_("{0} {1} was changed by {2} in the meantime.").format(
				_(doc.doctype), frappe.bold(doc.name), doc.modified_by
			),
			frappe.TimestampMismatchError,
		)
	return doc


def create(doctype: str, values: dict[str, Any], source: dict | None) -> Document:
	frappe.has_permission(doctype, "create", throw=True)
	doc = make_from_source(doctype, source) if source else frappe.new_doc(doctype)
	set_values(doc, values)
	if not source and hasattr(doc, "set_missing_values"):
		fill_as_the_form_does(doc)
	return insert(doc)


def insert(doc: Document) -> Document:
	"""Some controllers stumble over a missing value before Frappe checks for it; say what is missing."""
	try:
		return doc.insert()
	except (AttributeError, TypeError, KeyError, ZeroDivisionError):
		missing = [
			_(df.label, context=df.parent) for df in doc.meta.fields if df.reqd and not doc.get(df.fieldname)
		]
		if not missing:
			raise
		frappe.throw(
			_("Value missing for {0}: {1}").format(_(doc.doctype), ", ".join(missing)), frappe.MandatoryError
		)


def fill_as_the_form_does(doc: Document) -> None:
	"""ERPNext's form asks the server for party, price and tax details before it saves; so do we.
	What is missing for that, the insert itself reports."""
	if doc.doctype in FILLS_ITSELF or not doc.get("items"):
		return
	doc.run_method("set_missing_values")


def amend(doc: Document, values: dict[str, Any]) -> Document:
	doc.check_permission("amend")
	amended = frappe.copy_doc(doc)
	amended.docstatus = 0
	amended.amended_from = doc.name
	set_values(amended, values)
	return insert(amended)


def set_values(doc: Document, values: dict[str, Any]) -> None:
	for fieldname, value in values.items():
		if fieldname == "name":
			set_new_name(doc, value)
			continue
		df = settable_field(doc, fieldname)
		if df.fieldtype in TABLES:
			set_table(doc, fieldname, value)
		elif isinstance(value, list | dict):
			frappe.throw(_("{0} holds one value, not a list.").format(_(df.label or fieldname)))
		else:
			doc.set(fieldname, value)


def set_new_name(doc: Document, value: Any) -> None:
	if not doc.is_new() or (doc.meta.autoname or "").lower() != "prompt":
		frappe.throw(_("ERPNext names a {0} itself.").format(_(doc.doctype)))
	doc.set("__newname", value)
	doc.name = value


def settable_field(doc: Document, fieldname: str):
	df = doc.meta.get_field(fieldname)
	if df is None or fieldname in NEVER_SET or df.fieldtype in LAYOUT or getattr(df, "is_virtual", 0):
		frappe.throw(
			_("{0} has no field {1} that can be set.").format(_(doc.doctype), frappe.bold(fieldname))
		)
	if df.fieldtype in SECRET:
		frappe.throw(_("Steward does not set passwords."), frappe.PermissionError)
	return df


def set_table(doc: Document, fieldname: str, rows: Any) -> None:
	"""The complete new table: rows left out go, rows with a name keep the columns not mentioned."""
	if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
		frappe.throw(_("{0} must be a list of rows.").format(fieldname))
	existing = {row.name: row for row in doc.get(fieldname) or [] if row.name}
	doc.set(fieldname, [])
	for given in rows:
		cells = {key: value for key, value in given.items() if key != "name"}
		name = given.get("name")
		if name and name not in existing:
			frappe.throw(_("{0} {1} has no row {2}.").format(_(doc.doctype), doc.name or "", name))
		row = doc.append(fieldname, existing[name] if name else {})
		for column, value in cells.items():
			settable_field(row, column)
			row.set(column, value)
