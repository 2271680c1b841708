"""How this site writes numbers and dates for a person, as Desk reads it from the boot information."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint


def formats(user: str) -> dict[str, Any]:
	defaults = frappe.defaults.get_defaults(user)
	return {
		"date_format": setting(defaults, "date_format") or "yyyy-mm-dd",
		"time_format": setting(defaults, "time_format") or "HH:mm:ss",
		"number_format": setting(defaults, "number_format") or "#,###.##",
		"float_precision": cint(setting(defaults, "float_precision")) or 3,
		"currency_precision": precision(setting(defaults, "currency_precision")),
		"currencies": currencies(defaults),
	}


def setting(defaults: dict[str, Any], key: str) -> str:
	"""System Settings are copied to the defaults when saved, where a person may have one of their own."""
	value = defaults.get(key)
	if isinstance(value, list | tuple):
		value = value[0]
	return str(value or frappe.db.get_single_value("System Settings", key) or "")


def precision(text: str) -> int | None:
	"""No precision is not a precision of zero."""
	return cint(text) if text != "" else None


def currencies(defaults: dict[str, Any]) -> dict[str, dict[str, Any]]:
	hidden = defaults.get("hide_currency_symbol") == "Yes"
	own_format = cint(setting(defaults, "use_number_format_from_currency"))
	rows = frappe.get_all("Currency", {"enabled": 1}, ["name", "symbol", "symbol_on_right", "number_format"])
	return {
		row.name: {
			"symbol": "" if hidden else row.symbol or row.name,
			"on_right": bool(row.symbol_on_right),
			"number_format": (row.number_format or None) if own_format else None,
		}
		for row in rows
	}
