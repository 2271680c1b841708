"""What Steward never touches, whatever a person's own rights allow."""

from __future__ import annotations

import frappe
from frappe import _

#: Modules whose doctypes decide what the site is and who may do what.
DENIED_MODULES = {
	"Core",
	"Custom",
	"Email",
	"Integrations",
	"Workflow",
	"Website",
	"Printing",
	"Automation",
	"Data Migration",
	"Steward",
}

#: Of Desk only what people themselves work with.
DESK_ALLOWED = {"ToDo", "Event", "Note"}

DENIED_DOCTYPES = {
	"Authorization Rule",
	"Transaction Deletion Record",
	"Bulk Transaction Log",
	"Bulk Transaction Log Detail",
	"Repost Item Valuation",
	"Repost Accounting Ledger",
	"Repost Payment Ledger",
	"Exchange Rate Revaluation Account",
	"Plaid Settings",
	"Communication Medium",
}


def why_denied(doctype: str) -> str | None:
	"""The reason why Steward does not write `doctype`, or None."""
	meta = frappe.get_meta(doctype)
	if meta.istable:
		return _("{0} is part of another document; change that one.").format(_(doctype))
	if meta.issingle:
		return _("Steward does not change settings such as {0}.").format(_(doctype))
	if getattr(meta, "is_virtual", 0):
		return _("{0} is not stored in ERPNext.").format(_(doctype))
	if doctype in DENIED_DOCTYPES or (meta.module in DENIED_MODULES and not meta.custom):
		return _("Steward does not change {0}: it decides how the site works or who may do what.").format(
			_(doctype)
		)
	if meta.module == "Desk" and doctype not in DESK_ALLOWED and not meta.custom:
		return _("Steward does not change {0}.").format(_(doctype))
	if meta.in_create:
		return _("{0} is written by ERPNext itself, never by hand.").format(_(doctype))
	return None
