"""The page at /steward: the built single-page application with what it needs to start."""

from __future__ import annotations

from urllib.parse import quote

import frappe
from frappe import _

from steward.setup.boot import steward_boot

no_cache = 1


def get_context(context) -> None:
	if frappe.session.user == "Guest":
		frappe.local.flags.redirect_location = f"/login?redirect-to={quote(asked_path())}"
		raise frappe.Redirect
	if not may_open():
		frappe.throw(_("Only desk users can open Steward."), frappe.PermissionError)
	csrf_token = frappe.sessions.get_csrf_token()
	frappe.db.commit()
	context.no_cache = 1
	context.boot = {
		"csrf_token": csrf_token,
		"site_name": frappe.local.site,
		"user": frappe.session.user,
		"frappe_version": frappe.__version__,
		**steward_boot(),
	}


def asked_path() -> str:
	"""The page of Steward that was asked for; another path is not one to return to."""
	path = frappe.request.path if frappe.request else ""
	return path if path.startswith("/steward") else "/steward"


def may_open() -> bool:
	return frappe.db.get_value("User", frappe.session.user, "user_type") == "System User"
