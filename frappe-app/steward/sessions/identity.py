"""What the bridge and the pages need to know of a person."""

from __future__ import annotations

from typing import Any

import frappe

AUTOMATIC_ROLES = {"All", "Guest", "Desk User"}


def identity(user: str) -> dict[str, Any]:
	row = frappe.db.get_value(
		"User", user, ["full_name", "email", "user_image", "user_type", "language"], as_dict=True
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
		"date_format": default("date_format", "yyyy-mm-dd"),
		"number_format": default("number_format", "#,###.##"),
		"currency": currency_of(company),
		"default_company": company or None,
	}


def default(key: str, otherwise: str) -> str:
	return frappe.db.get_default(key) or frappe.db.get_single_value("System Settings", key) or otherwise


def currency_of(company: str | None) -> str:
	if company:
		currency = frappe.db.get_value("Company", company, "default_currency")
		if currency:
			return currency
	return frappe.db.get_default("currency") or "USD"
