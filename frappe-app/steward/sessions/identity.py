"""What the bridge and the pages need to know of a person."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import get_system_timezone

from steward.sessions.formats import formats

AUTOMATIC_ROLES = {"All", "Guest", "Desk User"}


def identity(user: str) -> dict[str, Any]:
	row = frappe.db.get_value(
		"User", user, ["full_name", "email", "user_image", "user_type", "language", "time_zone"], as_dict=True
	)
	if not row:
		raise frappe.AuthenticationError
	company = frappe.defaults.get_user_default("Company", user)
	return {
		"user": user,
		"full_name": row.full_name or user,
		"email": row.email or "",
		"image": row.user_image or None,
		"roles": sorted(set(frappe.get_roles(user)) - AUTOMATIC_ROLES),
		"user_type": row.user_type,
		"language": row.language or frappe.local.lang or "en",
		"display_time_zone": row.time_zone or get_system_timezone(),
		**formats(user),
		"currency": currency_of(company),
		"default_company": company or None,
	}


def currency_of(company: str | None) -> str:
	if company:
		currency = frappe.db.get_value("Company", company, "default_currency")
		if currency:
			return currency
	return frappe.db.get_default("currency") or "USD"
