from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document


class StewardPlan(Document):
	def validate(self) -> None:
		self.validate_cap("person_monthly_requests", "monthly_requests")
		self.validate_cap("person_monthly_model_budget_usd", "monthly_model_budget_usd")

	def validate_cap(self, person_field: str, team_field: str) -> None:
		if (self.get(person_field) or 0) > (self.get(team_field) or 0):
			frappe.throw(
				_("{0} cannot be more than {1}.").format(
					frappe.bold(_(self.meta.get_label(person_field))),
					frappe.bold(_(self.meta.get_label(team_field))),
				)
			)
