"""What a site needs beside the doctypes: roles, settings and the OAuth client."""

from __future__ import annotations

import frappe

from steward.operations.access import BRIDGE, MANAGER, USER
from steward.sessions.grants import revoke
from steward.setup.access import ensure_oauth_client


def after_install() -> None:
	ensure_roles()
	ensure_settings()
	ensure_oauth_client()


def after_migrate() -> None:
	after_install()


def before_uninstall() -> None:
	revoke({})
	client = frappe.db.get_single_value("Steward Settings", "oauth_client")
	if client:
		frappe.db.set_single_value("Steward Settings", "oauth_client", None)
		frappe.db.delete("OAuth Bearer Token", {"client": client})
		frappe.delete_doc("OAuth Client", client, ignore_permissions=True, force=True)


def ensure_roles() -> None:
	for role, desk_access in ((USER, 1), (MANAGER, 1), (BRIDGE, 0)):
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": desk_access}).insert(
				ignore_permissions=True
			)
		elif frappe.db.get_value("Role", role, "desk_access") != desk_access:
			frappe.db.set_value("Role", role, "desk_access", desk_access)


def ensure_settings() -> None:
	"""A Single's defaults are not in the database until somebody saves it."""
	for field, value in (("enabled", 1), ("grant_minutes", 60)):
		if not frappe.db.exists("Singles", {"doctype": "Steward Settings", "field": field}):
			frappe.db.set_single_value("Steward Settings", field, value)
