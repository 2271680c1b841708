"""What ends a grant, and the check of every bearer call with one."""

from __future__ import annotations

import frappe

from steward.sessions.caller import authorization
from steward.sessions.grants import bind, client_id, grant_of, revoke, revoke_everything_of, why_ended


def on_logout(login_manager=None) -> None:
	sid = frappe.session.sid
	if sid and sid != "Guest":
		revoke({"kind": "interactive", "user": frappe.session.user, "session_binding": bind(sid)})


def on_user_update(doc, method: str | None = None) -> None:
	if not doc.enabled and client_id():
		revoke_everything_of(doc.name)


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
