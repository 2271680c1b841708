from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.query_builder import Interval
from frappe.query_builder.functions import Now


class StewardKeptFile(Document):
	"""The content of an attachment that was deleted with its document, kept for the undo."""

	@staticmethod
	def clear_old_logs(days: int = 30) -> None:
		table = frappe.qb.DocType("Steward Kept File")
		frappe.db.delete(table, filters=(table.modified < (Now() - Interval(days=days))))
