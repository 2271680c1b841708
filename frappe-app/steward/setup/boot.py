"""What the Desk panel needs at start."""

from __future__ import annotations

from typing import Any

import frappe

from steward.operations.access import may_approve


def extend_bootinfo(bootinfo: Any) -> None:
	bootinfo.steward = steward_boot()


def steward_boot() -> dict[str, Any]:
	settings = (
		frappe.db.get_value("Steward Settings", "Steward Settings", ["enabled", "bridge_url"], as_dict=True)
		or {}
	)
	return {
		"enabled": bool(int(settings.get("enabled") or 0)),
		"bridge_url": settings.get("bridge_url") or "",
		"may_approve": may_approve(),
	}
