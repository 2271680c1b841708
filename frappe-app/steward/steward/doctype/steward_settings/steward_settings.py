from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from steward.setup.access import sync_redirect_uris


class StewardSettings(Document):
	def validate(self) -> None:
		self.bridge_url = (self.bridge_url or "").strip().rstrip("/")
		self.validate_masked_fields()

	def on_update(self) -> None:
		sync_redirect_uris(self)

	def validate_masked_fields(self) -> None:
		for line in lines_of(self.masked_fields):
			doctype, _dot, fieldname = line.partition(".")
			if not frappe.db.exists("DocType", doctype):
				frappe.throw(_("There is no DocType {0}.").format(frappe.bold(doctype)))
			if fieldname and not frappe.get_meta(doctype).has_field(fieldname):
				frappe.throw(_("{0} has no field {1}.").format(frappe.bold(doctype), frappe.bold(fieldname)))


def lines_of(text: str | None) -> list[str]:
	"""The non-empty lines of a Small Text field."""
	return [line.strip() for line in (text or "").splitlines() if line.strip()]
