"""What `scripts/install-app` asks of a site: run with `bench execute`, repeatable without change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frappe
from frappe.modules.import_file import calculate_hash
from frappe.utils import get_url
from frappe.utils.password import get_decrypted_password

from steward.operations.access import BRIDGE
from steward.setup.access import ensure_oauth_client

SERVICE_USER = "steward-bridge@steward.invalid"


def connect(bridge_url: str) -> dict[str, Any]:
	"""Settings, OAuth client, service user and its key, made where missing; answers what the bridge
	needs to know, and in `changed` what this call did."""
	changed: list[str] = []
	client = ensure_oauth_client()
	set_bridge_url(bridge_url, changed)
	ensure_service_user(changed)
	key, secret = ensure_api_key(changed)
	return {
		"site_url": get_url(),
		"service_key": key,
		"service_secret": secret,
		"oauth_client_id": client,
		"oauth_client_secret": frappe.db.get_value("OAuth Client", client, "client_secret"),
		"changed": changed,
	}


def set_bridge_url(bridge_url: str, changed: list[str]) -> None:
	settings = frappe.get_single("Steward Settings")
	wanted = bridge_url.strip().rstrip("/")
	if (settings.bridge_url, settings.service_user) == (wanted, SERVICE_USER):
		return
	if not frappe.db.exists("User", SERVICE_USER):
		ensure_service_user(changed)
	settings.bridge_url, settings.service_user = wanted, SERVICE_USER
	settings.save(ignore_permissions=True)
	changed.append(f"Steward Settings: bridge URL {wanted}")


def ensure_service_user(changed: list[str]) -> None:
	"""A user without a password that only its API key can act as, with the one role it needs."""
	if not frappe.db.exists("User", SERVICE_USER):
		frappe.get_doc(
			{
				"doctype": "User",
				"email": SERVICE_USER,
				"first_name": "Steward Bridge",
				"enabled": 1,
				"send_welcome_email": 0,
				"thread_notify": 0,
				"roles": [{"role": BRIDGE}],
			}
		).insert(ignore_permissions=True)
		changed.append(f"service user {SERVICE_USER}")
		return
	user = frappe.get_doc("User", SERVICE_USER)
	if BRIDGE not in {row.role for row in user.roles}:
		user.append("roles", {"role": BRIDGE})
		user.save(ignore_permissions=True)
		changed.append(f"role {BRIDGE} of {SERVICE_USER}")


def ensure_api_key(changed: list[str]) -> tuple[str, str]:
	"""The key pair; a new one only when there is none, since another would lock the bridge out."""
	key = frappe.db.get_value("User", SERVICE_USER, "api_key")
	secret = get_decrypted_password("User", SERVICE_USER, "api_secret", raise_exception=False)
	if key and secret:
		return key, secret
	user = frappe.get_doc("User", SERVICE_USER)
	key, secret = key or frappe.generate_hash(length=15), frappe.generate_hash(length=32)
	user.api_key, user.api_secret = key, secret
	user.save(ignore_permissions=True)
	changed.append(f"API key of {SERVICE_USER}")
	return key, secret


def needs_migrate() -> bool:
	"""Whether a doctype of the app on disk is newer than the site's."""
	folder = Path(frappe.get_app_path("steward", "steward", "doctype"))
	for file in sorted(folder.glob("*/*.json")):
		name = file.stem.replace("_", " ").title()
		if frappe.db.get_value("DocType", name, "migration_hash") != calculate_hash(str(file)):
			return True
	return False
