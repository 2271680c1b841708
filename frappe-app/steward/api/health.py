"""What `npm run doctor` beside the bridge asks of the site, as the service user."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils.background_jobs import get_workers
from frappe.utils.scheduler import is_scheduler_inactive

from steward.operations.access import BRIDGE
from steward.sessions import grants

PROBE_MINUTES = 1


@frappe.whitelist(methods=["POST"])
def check() -> dict[str, Any]:
	"""Who does the site's background work, where OAuth may send people back to, and a bearer of the
	service user that lives a minute, to see whether bearers reach the site at all."""
	if BRIDGE not in frappe.get_roles() or frappe.session.user == "Administrator":
		frappe.throw(_("Only the bridge's service user may ask this."), frappe.PermissionError)
	client = grants.client_id()
	return {
		"workers": len(get_workers()),
		"scheduler_active": not is_scheduler_inactive(verbose=False),
		"redirect_uris": redirect_uris(client),
		"probe_token": probe() if client else None,
	}


def redirect_uris(client: str | None) -> list[str]:
	stored = frappe.db.get_value("OAuth Client", client, "redirect_uris") if client else None
	return (stored or "").split()


def probe() -> str:
	return grants.issue(frappe.session.user, "delegated", PROBE_MINUTES, None, "connection check")["token"]
