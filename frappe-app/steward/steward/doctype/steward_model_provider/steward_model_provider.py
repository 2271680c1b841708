from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document


class StewardModelProvider(Document):
	def validate(self) -> None:
		self.base_url = (self.base_url or "").strip().rstrip("/")
		if self.kind == "openai_compatible" and not self.base_url:
			frappe.throw(_("An OpenAI-compatible provider needs its base URL."), frappe.MandatoryError)
