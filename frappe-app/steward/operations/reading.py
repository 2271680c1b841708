"""Which fields of a doctype this person may read."""

from __future__ import annotations

import frappe


class Reader:
	"""Field-level rights of the person of this request on one doctype and its child tables."""

	def __init__(self, doctype: str):
		self.meta = frappe.get_meta(doctype)
		self.levels = set(self.meta.get_permlevel_access("read"))
		self.everything = frappe.session.user == "Administrator"

	def may_read(self, df) -> bool:
		if self.everything:
			return True
		return (df.permlevel or 0) in self.levels and not is_masked(self.meta, df)

	def fields(self) -> list:
		return [df for df in self.meta.fields if self.may_read(df)]

	def child_fields(self, child_doctype: str) -> list:
		"""Child rows follow the parent's rights."""
		return [df for df in frappe.get_meta(child_doctype).fields if self.may_read(df)]


def is_masked(meta, df) -> bool:
	"""Frappe 16 masks single fields; a masked field counts as unreadable."""
	if not getattr(df, "mask", 0):
		return False
	return df.permlevel not in meta.get_permlevel_access("mask")
