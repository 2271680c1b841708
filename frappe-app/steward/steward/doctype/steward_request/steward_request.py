from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document


class StewardRequest(Document):
	"""What somebody asked, as the bridge published it; ERPNext only reads it."""

	def before_insert(self) -> None:
		self.refuse_unless_published()

	def validate(self) -> None:
		self.refuse_unless_published()

	def on_trash(self) -> None:
		self.refuse_unless_published()

	def refuse_unless_published(self) -> None:
		if not self.flags.published:
			frappe.throw(_("Steward Requests are written by the bridge only."), frappe.PermissionError)
