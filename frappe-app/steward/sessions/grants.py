"""Bearer tokens of Steward's own OAuth client, each bound to the session or consent it came from.

An interactive grant lives as long as its ERPNext session at most. A delegated one, for automations
and batches, outlives the session, and ends with its owner: revoked, disabled, or password changed.
So does an OAuth one, which notes a token of the authorization code flow, and its refresh token.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import frappe
from frappe.utils import add_to_date, now_datetime

DOCTYPE = "Steward Grant"
TOKEN = "OAuth Bearer Token"
SCOPES = "all openid"
DELEGATED_MINUTES = 7 * 24 * 60
#: How long after its end a grant is kept; an OAuth one holds the refresh token of its row.
KEPT_DAYS = {"interactive": 7, "delegated": 7, "oauth": 37}


def issue(
	user: str, kind: str, minutes: int, session_binding: str | None, scope: str | None
) -> dict[str, Any]:
	"""A new token; the row and the token are saved by the request's own commit."""
	expires_at = add_to_date(now_datetime(), minutes=minutes, as_datetime=True)
	token = frappe.get_doc(
		{
			"doctype": TOKEN,
			"client": client_id(),
			"user": user,
			"scopes": SCOPES,
			"access_token": secrets.token_urlsafe(32),
			"expires_in": minutes * 60,
			"expiration_time": expires_at,
			"status": "Active",
		}
	)
	token.flags.steward_grant = True
	token.insert(ignore_permissions=True)
	note(token.name, user, kind, expires_at, session_binding, scope)
	return {"token": token.name, "expires_at": expires_at}


def note(token: str, user: str, kind: str, expires_at, session_binding=None, scope=None) -> None:
	frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"token": token,
			"user": user,
			"kind": kind,
			"scope": scope,
			"expires_at": expires_at,
			"session_binding": session_binding,
			"password_mark": password_mark(user),
		}
	).insert(ignore_permissions=True)


def standing_interactive(user: str, session_binding: str, minutes: int) -> dict[str, Any] | None:
	"""This session's token while at least half of its life is left."""
	half = add_to_date(now_datetime(), minutes=minutes // 2, as_datetime=True)
	return frappe.db.get_value(
		DOCTYPE,
		{
			"user": user,
			"kind": "interactive",
			"session_binding": session_binding,
			"revoked": 0,
			"expires_at": [">", half],
		},
		["token", "expires_at"],
		as_dict=True,
		order_by="expires_at desc",
	)


def revoke(filters: dict[str, Any]) -> int:
	"""Revoke every standing grant that matches; answers how many."""
	grants = frappe.get_all(DOCTYPE, filters={**filters, "revoked": 0}, fields=["name", "token"])
	for grant in grants:
		revoke_token(grant.token)
		frappe.db.set_value(DOCTYPE, grant.name, "revoked", 1)
	return len(grants)


def revoke_everything_of(user: str) -> None:
	"""Every grant of the person, and every other token of Steward's client."""
	revoke({"user": user})
	frappe.db.set_value(TOKEN, {"user": user, "client": client_id(), "status": "Active"}, "status", "Revoked")


def revoke_token(token: str) -> None:
	frappe.db.set_value(TOKEN, token, "status", "Revoked")


def grant_of(token: str) -> dict[str, Any] | None:
	fields = ["name", "user", "kind", "scope", "session_binding", "password_mark", "revoked"]
	return frappe.db.get_value(DOCTYPE, {"token": token}, fields, as_dict=True)


def why_ended(grant: dict[str, Any]) -> str | None:
	"""The reason why a grant is over although its token has not expired, or None."""
	if grant["revoked"]:
		return "revoked"
	if grant["kind"] == "interactive":
		return None if is_live_session(grant["user"], grant["session_binding"]) else "session_ended"
	if grant["password_mark"] != password_mark(grant["user"]):
		return "password_changed"
	return None


def is_live_session(user: str, session_binding: str) -> bool:
	sessions = frappe.db.sql("select sid from `tabSessions` where user = %s", user, pluck=True)
	return any(bind(sid) == session_binding for sid in sessions)


def bind(sid: str) -> str:
	"""The hash of an ERPNext session id; the id itself is a credential and is not kept."""
	return hashlib.sha256(f"steward:{sid}".encode()).hexdigest()


def password_mark(user: str) -> str | None:
	"""Changes whenever the person's password does, and tells nothing of it."""
	stored = frappe.db.sql(
		"select password from `__Auth` where doctype = 'User' and name = %s and fieldname = 'password'", user
	)
	return hashlib.sha256(f"steward:{stored[0][0]}".encode()).hexdigest() if stored else None


def client_id() -> str:
	return frappe.db.get_single_value("Steward Settings", "oauth_client")


def delete_expired() -> None:
	"""Daily: grants that ended some time ago, and their tokens."""
	for kind, days in KEPT_DAYS.items():
		old = add_to_date(now_datetime(), days=-days, as_datetime=True)
		filters = {"kind": kind, "expires_at": ["<", old]}
		for grant in frappe.get_all(DOCTYPE, filters=filters, fields=["name", "token"], limit=1000):
			frappe.db.delete(DOCTYPE, {"name": grant.name})
			frappe.db.delete(TOKEN, {"name": grant.token})
