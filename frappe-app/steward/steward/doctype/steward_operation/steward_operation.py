from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document


class StewardOperation(Document):
	"""A change that was applied, or a proposal that was rejected. Rows are written by
	`steward.operations.record` inside the transaction of the change, and never again."""

	@property
	def undone_by(self) -> str | None:
		return frappe.db.get_value("Steward Operation", {"undo_of": self.name})

	def before_insert(self) -> None:
		self.refuse()

	def validate(self) -> None:
		self.refuse()

	def before_change(self) -> None:
		self.refuse()

	def on_trash(self) -> None:
		self.refuse()

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		self.refuse()

	def refuse(self) -> None:
		frappe.throw(
			_("A Steward Operation is a record of what happened; nobody can change it."),
			frappe.PermissionError,
		)
