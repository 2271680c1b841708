"""Who may use Steward here at all; ERPNext's own rights decide the rest."""

from __future__ import annotations

import frappe
from frappe import _

USER, MANAGER, BRIDGE = "Steward User", "Steward Manager", "Steward Bridge"


def require_person() -> None:
	"""An enabled desk user, on a site where Steward is on."""
	user = frappe.session.user
	enabled, user_type = frappe.db.get_value("User", user, ["enabled", "user_type"]) or (0, None)
	if not enabled or user_type != "System User":
		frappe.throw(_("Only enabled desk users can use Steward."), frappe.PermissionError)
	if not frappe.db.get_single_value("Steward Settings", "enabled"):
		frappe.throw(_("Steward is switched off on this site."), frappe.PermissionError)


def may_approve() -> bool:
	return bool({USER, MANAGER} & set(frappe.get_roles()))


def require_approver() -> None:
	require_person()
	if not may_approve():
		frappe.throw(
			_("You need the role {0} to approve, reject or undo changes.").format(frappe.bold(_(USER))),
			frappe.PermissionError,
		)


def sees_everybody() -> bool:
	return bool({MANAGER, BRIDGE, "System Manager"} & set(frappe.get_roles()))
