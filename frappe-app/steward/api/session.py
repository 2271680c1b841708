"""Who is calling, and the grants by which the bridge acts as that person."""

from __future__ import annotations

import hmac
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_system_timezone

import steward
from steward.operations import access
from steward.operations.record import utc_text
from steward.sessions import grants
from steward.sessions.caller import authentication, bearer_token
from steward.sessions.identity import identity


@frappe.whitelist(methods=["POST"])
def grant(kind: str = "interactive", scope: str | None = None, consent: bool = False) -> dict[str, Any]:
	"""A bearer token for the person of this cookie session, bound to it and renewed by calling again.
	`delegated` needs the person's explicit consent to a named scope and outlives the session."""
	access.require_person()
	if not grants.client_id():
		frappe.throw(_("Steward is not connected to a bridge yet."))
	if kind == "interactive":
		return interactive()
	if kind == "delegated":
		return delegated(scope, consent)
	frappe.throw(_("There is no grant of the kind {0}.").format(kind))


def interactive() -> dict[str, Any]:
	require_cookie_session()
	minutes = max(5, frappe.db.get_single_value("Steward Settings", "grant_minutes") or 60)
	binding = grants.bind(frappe.session.sid)
	standing = grants.standing_interactive(frappe.session.user, binding, minutes)
	return answer(standing or grants.issue(frappe.session.user, "interactive", minutes, binding, None))


def delegated(scope: str | None, consent: bool) -> dict[str, Any]:
	"""From a cookie session with consent, or renewed by itself before it expires."""
	token = bearer_token()
	if token:
		standing = grants.grant_of(token)
		if not standing or standing["kind"] != "delegated":
			frappe.throw(_("Only a delegated grant renews itself."), frappe.PermissionError)
		scope = standing["scope"]
		grants.revoke({"name": standing["name"]})
	else:
		require_cookie_session()
		if not consent or not scope:
			frappe.throw(_("A delegated grant needs a named scope and your consent."), frappe.PermissionError)
	issued = grants.issue(frappe.session.user, "delegated", grants.DELEGATED_MINUTES, None, scope[:140])
	return answer(issued)


def answer(issued: dict[str, Any]) -> dict[str, Any]:
	return {
		"access_token": issued["token"],
		"token_type": "Bearer",
		"expires_at": utc_text(issued["expires_at"]),
		"user": frappe.session.user,
		"site": frappe.local.site,
		"bridge_url": frappe.db.get_single_value("Steward Settings", "bridge_url") or "",
	}


def require_cookie_session() -> None:
	"""A signed-in browser that sent this session's CSRF token: no other site's page can."""
	if authentication() != "cookie":
		frappe.throw(_("Only a signed-in browser session can ask for a grant."), frappe.PermissionError)
	expected = frappe.session.data.get("csrf_token") or ""
	sent = frappe.get_request_header("X-Frappe-CSRF-Token") or ""
	if not expected or not hmac.compare_digest(expected, sent):
		frappe.throw(_("Invalid Request"), frappe.CSRFTokenError)


@frappe.whitelist(methods=["POST"])
def revoke(kind: str | None = None) -> dict[str, Any]:
	"""End the grant of this bearer, or those of this session; `delegated` ends all the person gave."""
	token = bearer_token()
	if kind == "delegated":
		revoked = grants.revoke({"user": frappe.session.user, "kind": "delegated"})
	elif token:
		revoked = grants.revoke({"token": token})
	else:
		binding = grants.bind(frappe.session.sid)
		revoked = grants.revoke(
			{"user": frappe.session.user, "kind": "interactive", "session_binding": binding}
		)
	return {"revoked": revoked}


@frappe.whitelist(methods=["POST"])
def whoami() -> dict[str, Any]:
	"""Whom the credentials of this very call belong to."""
	return {
		**identity(frappe.session.user),
		**credentials(),
		"site": frappe.local.site,
		"time_zone": get_system_timezone(),
		"app_version": steward.__version__,
		"frappe_version": frappe.__version__,
		"erpnext_version": erpnext_version(),
	}


def credentials() -> dict[str, Any]:
	how = authentication()
	answered: dict[str, Any] = {
		"authentication": how,
		"steward_client": False,
		"session_binding": None,
		"grant_kind": None,
		"expires_at": None,
	}
	if how == "cookie":
		answered["session_binding"] = grants.bind(frappe.session.sid)
	elif how == "bearer":
		answered.update(bearer_details(bearer_token() or ""))
	return answered


def bearer_details(token: str) -> dict[str, Any]:
	row = frappe.db.get_value(grants.TOKEN, token, ["client", "expiration_time"], as_dict=True)
	own = bool(row) and row.client == grants.client_id()
	found = grants.grant_of(token) or {}
	expires = row.expiration_time if row else None
	return {
		"steward_client": own,
		"session_binding": found.get("session_binding"),
		"grant_kind": (found.get("kind") or "oauth") if own else None,
		"expires_at": unix_seconds(expires) if expires else None,
	}


def unix_seconds(moment) -> int:
	from zoneinfo import ZoneInfo

	return int(moment.replace(tzinfo=ZoneInfo(get_system_timezone())).timestamp())


def erpnext_version() -> str | None:
	if "erpnext" not in frappe.get_installed_apps():
		return None
	import erpnext

	return erpnext.__version__
