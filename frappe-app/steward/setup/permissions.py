"""Records of what people asked and did: one's own, or everybody's for managers and the bridge."""

from __future__ import annotations

import frappe

from steward.operations.access import BRIDGE, MANAGER

SEE_ALL = {MANAGER, BRIDGE, "System Manager"}


def own_rows(user: str | None = None, doctype: str | None = None) -> str:
	user = user or frappe.session.user
	if user == "Administrator" or SEE_ALL & set(frappe.get_roles(user)):
		return ""
	return f"`tab{doctype}`.person = {frappe.db.escape(user)}" if doctype else "1 = 0"


def may_see(doc, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
	user = user or frappe.session.user
	return user == "Administrator" or bool(SEE_ALL & set(frappe.get_roles(user))) or doc.person == user
