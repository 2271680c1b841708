"""What the bridge reads from Steward's settings, as the service user."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.operations.access import BRIDGE
from steward.steward.doctype.steward_settings.steward_settings import lines_of

PROVIDER_FIELDS = [
	"name",
	"kind",
	"base_url",
	"small_models",
	"large_models",
	"priority",
	"enabled",
	"free",
	"withheld",
	"modified",
	"modified_by",
]
PLAN_FIELDS = [
	"name",
	"enabled",
	"currency",
	"monthly_requests",
	"monthly_model_budget_usd",
	"person_monthly_requests",
	"person_monthly_model_budget_usd",
	"modified",
	"modified_by",
]
NANO = 10**9


@frappe.whitelist(methods=["POST"])
def get_for_bridge() -> dict[str, Any]:
	"""Settings with their secrets; for the role Steward Bridge alone."""
	if BRIDGE not in frappe.get_roles() or frappe.session.user == "Administrator":
		frappe.throw(_("Only the bridge's service user may read this."), frappe.PermissionError)
	settings = frappe.get_single("Steward Settings")
	providers, plans = read_providers(), read_plans()
	stamps = [str(settings.modified), *(str(row["modified"]) for row in [*providers, *plans])]
	return {
		"enabled": bool(settings.enabled),
		"bridge_url": settings.bridge_url or "",
		"oauth_client_id": settings.oauth_client or "",
		"oauth_client_secret": client_secret(settings.oauth_client),
		"allowed_origins": lines_of(settings.allowed_origins),
		"masked_fields": lines_of(settings.masked_fields),
		"default_plan": settings.default_plan or None,
		"providers": [provider(row) for row in providers],
		"plans": [plan(row) for row in plans],
		"modified": max(stamps),
		"changed_by": [
			*removers(),
			author("settings", settings),
			*(author("provider", row) for row in providers),
			*(author("plan", row) for row in plans),
		],
	}


def author(kind: str, row: Any) -> dict[str, str]:
	return {"kind": kind, "name": row.get("name"), "person": row.get("modified_by")}


def removers() -> list[dict[str, str]]:
	"""Who deleted providers and plans, the newest last: of a record that is there again its author counts."""
	kinds = {"Steward Model Provider": "provider", "Steward Plan": "plan"}
	rows = frappe.get_all(
		"Deleted Document",
		{"deleted_doctype": ["in", list(kinds)], "restored": 0},
		["deleted_doctype", "deleted_name", "owner"],
		order_by="creation desc",
		limit=200,
	)
	return [
		{"kind": kinds[row.deleted_doctype], "name": row.deleted_name, "person": row.owner}
		for row in reversed(rows)
	]


def read_providers() -> list[dict[str, Any]]:
	return frappe.get_all("Steward Model Provider", fields=PROVIDER_FIELDS, order_by="priority asc, name asc")


def read_plans() -> list[dict[str, Any]]:
	return frappe.get_all("Steward Plan", fields=PLAN_FIELDS, order_by="name asc")


def client_secret(client: str | None) -> str:
	return frappe.db.get_value("OAuth Client", client, "client_secret") or "" if client else ""


def provider(row: dict[str, Any]) -> dict[str, Any]:
	doc = frappe.get_doc("Steward Model Provider", row["name"])
	return {
		"name": row["name"],
		"kind": row["kind"],
		"base_url": row["base_url"] or None,
		"api_key": doc.get_password("api_key", raise_exception=False) or None,
		"small_models": lines_of(row["small_models"]),
		"large_models": lines_of(row["large_models"]),
		"priority": row["priority"] or 0,
		"enabled": bool(row["enabled"]),
		"free": bool(row["free"]),
		"withheld": lines_of(row["withheld"]),
	}


def plan(row: dict[str, Any]) -> dict[str, Any]:
	"""Money as integer nano-USD; a person's cap of 0 is none."""
	return {
		"name": row["name"],
		"enabled": bool(row["enabled"]),
		"currency": row["currency"],
		"monthly_requests": row["monthly_requests"] or 0,
		"monthly_model_budget_nano_usd": nano(row["monthly_model_budget_usd"]),
		"person_monthly_requests": row["person_monthly_requests"] or None,
		"person_monthly_model_budget_nano_usd": nano(row["person_monthly_model_budget_usd"]) or None,
	}


def nano(usd: float | None) -> int:
	return round((usd or 0) * NANO)
