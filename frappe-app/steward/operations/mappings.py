"""ERPNext's own "make" functions between everyday documents, the only ones a source may name."""

from __future__ import annotations

from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document


class MakeFunction(NamedTuple):
	from_doctype: str
	to_doctype: str
	method: str


def _selling(doctype: str) -> str:
	return f"erpnext.selling.doctype.{doctype}.{doctype}."


def _stock(doctype: str) -> str:
	return f"erpnext.stock.doctype.{doctype}.{doctype}."


def _buying(doctype: str) -> str:
	return f"erpnext.buying.doctype.{doctype}.{doctype}."


def _accounts(doctype: str) -> str:
	return f"erpnext.accounts.doctype.{doctype}.{doctype}."


def _crm(doctype: str) -> str:
	return f"erpnext.crm.doctype.{doctype}.{doctype}."


PAYMENT = _accounts("payment_entry") + "get_payment_entry"

MAKE_FUNCTIONS = [
	MakeFunction("Lead", "Opportunity", _crm("lead") + "make_opportunity"),
	MakeFunction("Lead", "Quotation", _crm("lead") + "make_quotation"),
	MakeFunction("Lead", "Customer", _crm("lead") + "make_customer"),
	MakeFunction("Opportunity", "Quotation", _crm("opportunity") + "make_quotation"),
	MakeFunction("Opportunity", "Customer", _crm("opportunity") + "make_customer"),
	MakeFunction("Opportunity", "Supplier Quotation", _crm("opportunity") + "make_supplier_quotation"),
	MakeFunction("Opportunity", "Request for Quotation", _crm("opportunity") + "make_request_for_quotation"),
	MakeFunction("Quotation", "Sales Order", _selling("quotation") + "make_sales_order"),
	MakeFunction("Quotation", "Sales Invoice", _selling("quotation") + "make_sales_invoice"),
	MakeFunction("Sales Order", "Delivery Note", _selling("sales_order") + "make_delivery_note"),
	MakeFunction("Sales Order", "Sales Invoice", _selling("sales_order") + "make_sales_invoice"),
	MakeFunction("Sales Order", "Material Request", _selling("sales_order") + "make_material_request"),
	MakeFunction("Sales Order", "Project", _selling("sales_order") + "make_project"),
	MakeFunction("Sales Order", "Pick List", _selling("sales_order") + "create_pick_list"),
	MakeFunction("Sales Order", "Payment Entry", PAYMENT),
	MakeFunction("Delivery Note", "Sales Invoice", _stock("delivery_note") + "make_sales_invoice"),
	MakeFunction("Delivery Note", "Delivery Note", _stock("delivery_note") + "make_sales_return"),
	MakeFunction("Delivery Note", "Packing Slip", _stock("delivery_note") + "make_packing_slip"),
	MakeFunction("Sales Invoice", "Payment Entry", PAYMENT),
	MakeFunction("Sales Invoice", "Delivery Note", _accounts("sales_invoice") + "make_delivery_note"),
	MakeFunction("Sales Invoice", "Sales Invoice", _accounts("sales_invoice") + "make_sales_return"),
	MakeFunction("Material Request", "Purchase Order", _stock("material_request") + "make_purchase_order"),
	MakeFunction(
		"Material Request", "Request for Quotation", _stock("material_request") + "make_request_for_quotation"
	),
	MakeFunction(
		"Material Request", "Supplier Quotation", _stock("material_request") + "make_supplier_quotation"
	),
	MakeFunction("Material Request", "Stock Entry", _stock("material_request") + "make_stock_entry"),
	MakeFunction(
		"Request for Quotation",
		"Supplier Quotation",
		_buying("request_for_quotation") + "make_supplier_quotation_from_rfq",
	),
	MakeFunction(
		"Supplier Quotation", "Purchase Order", _buying("supplier_quotation") + "make_purchase_order"
	),
	MakeFunction(
		"Supplier Quotation", "Purchase Invoice", _buying("supplier_quotation") + "make_purchase_invoice"
	),
	MakeFunction("Purchase Order", "Purchase Receipt", _buying("purchase_order") + "make_purchase_receipt"),
	MakeFunction("Purchase Order", "Purchase Invoice", _buying("purchase_order") + "make_purchase_invoice"),
	MakeFunction("Purchase Order", "Payment Entry", PAYMENT),
	MakeFunction(
		"Purchase Receipt", "Purchase Invoice", _stock("purchase_receipt") + "make_purchase_invoice"
	),
	MakeFunction("Purchase Receipt", "Purchase Receipt", _stock("purchase_receipt") + "make_purchase_return"),
	MakeFunction("Purchase Invoice", "Payment Entry", PAYMENT),
	MakeFunction(
		"Purchase Invoice", "Purchase Receipt", _accounts("purchase_invoice") + "make_purchase_receipt"
	),
	MakeFunction("Purchase Invoice", "Purchase Invoice", _accounts("purchase_invoice") + "make_debit_note"),
]


def mappings_from(doctype: str | None = None) -> list[dict[str, str]]:
	"""Make functions this person may use: they read the one document and may create the other."""
	return [
		{
			"from_doctype": make.from_doctype,
			"to_doctype": make.to_doctype,
			"method": make.method,
			"label": label_of(make),
		}
		for make in MAKE_FUNCTIONS
		if doctype in (None, make.from_doctype) and is_usable(make)
	]


def is_usable(make: MakeFunction) -> bool:
	return (
		has_doctype(make.from_doctype)
		and has_doctype(make.to_doctype)
		and frappe.has_permission(make.from_doctype, "read")
		and frappe.has_permission(make.to_doctype, "create")
	)


def has_doctype(doctype: str) -> bool:
	return bool(frappe.db.exists("DocType", doctype, cache=True))


def label_of(make: MakeFunction) -> str:
	if make.from_doctype == make.to_doctype:
		return _("Return against {0}").format(_(make.from_doctype))
	return _("{0} from {1}").format(_(make.to_doctype), _(make.from_doctype))


def make_from_source(doctype: str, source: dict[str, Any]) -> Document:
	"""The new document as ERPNext's make function fills it, not saved yet."""
	wanted = MakeFunction(source["doctype"], doctype, source["method"])
	if wanted not in MAKE_FUNCTIONS:
		frappe.throw(
			_("There is no way to make {0} from {1} by {2}.").format(
				_(doctype), _(source["doctype"]), source["method"]
			)
		)
	original = frappe.get_doc(source["doctype"], source["name"])
	original.check_permission("read")
	method = frappe.get_attr(frappe.override_whitelisted_method(source["method"]))
	arguments = (source["doctype"], source["name"]) if source["method"] == PAYMENT else (source["name"],)
	made = method(*arguments)
	if isinstance(made, dict) and not isinstance(made, Document):
		made = frappe.get_doc(made)
	if made is None or made.doctype != doctype:
		frappe.throw(_("ERPNext did not make a {0} from {1}.").format(_(doctype), source["name"]))
	return made
