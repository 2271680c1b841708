"""What ends a grant, and the check of every bearer call with one."""

from __future__ import annotations

import frappe
from oauthlib.oauth2 import InvalidGrantError

from steward.sessions.caller import authorization
from steward.sessions.grants import (
	TOKEN,
	bind,
	client_id,
	grant_of,
	note,
	revoke,
	revoke_everything_of,
	why_ended,
)


def on_logout(login_manager=None) -> None:
	sid = frappe.session.sid
	if sid and sid != "Guest":
		revoke({"kind": "interactive", "user": frappe.session.user, "session_binding": bind(sid)})


def on_user_update(doc, method: str | None = None) -> None:
	if not doc.enabled and client_id():
		revoke_everything_of(doc.name)


def before_token(doc, method: str | None = None) -> None:
	"""A refresh token ends with the grant it came with, though its bearer may never be used again."""
	form = frappe.local.form_dict or {}
	if not is_of_code_flow(doc) or form.get("grant_type") != "refresh_token":
		return
	presented = {"refresh_token": form.get("refresh_token"), "client": doc.client}
	earlier = frappe.db.get_value(TOKEN, presented, "name")
	grant = grant_of(earlier) if earlier else None
	if grant and why_ended(grant):
		raise InvalidGrantError


def after_token(doc, method: str | None = None) -> None:
	"""Frappe runs no hook when a password changes: what it was is noted with each token."""
	if is_of_code_flow(doc):
		note(doc.name, doc.user, "oauth", doc.expiration_time)


def is_of_code_flow(token) -> bool:
	"""A token of Steward's client that Frappe issued, not this app."""
	return not token.flags.steward_grant and bool(client_id()) and token.client == client_id()


def check_bearer() -> None:
	"""Frappe accepts a bearer until it expires; a grant also ends with its session, its owner's
	password or the owner."""
	scheme, token = authorization()
	if scheme != "bearer" or frappe.session.user in ("", "Guest"):
		return
	grant = grant_of(token)
	if grant is None:
		return
	if why_ended(grant) or not frappe.db.get_value("User", grant["user"], "enabled"):
		raise frappe.AuthenticationError
