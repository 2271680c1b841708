"""How the call being served was authenticated."""

from __future__ import annotations

import frappe


def authorization() -> tuple[str, str]:
	"""Scheme (lower case) and credentials of the Authorization header, empty when there is none."""
	scheme, _space, credentials = (frappe.get_request_header("Authorization") or "").partition(" ")
	return scheme.lower(), credentials.strip()


def authentication() -> str:
	"""`cookie`, `bearer` or `api_key`. Frappe puts the user's name in place of a session id when a
	header decided who is calling."""
	if frappe.session.sid != frappe.session.user:
		return "cookie"
	return "bearer" if authorization()[0] == "bearer" else "api_key"


def bearer_token() -> str | None:
	scheme, credentials = authorization()
	return credentials if scheme == "bearer" and authentication() == "bearer" else None
