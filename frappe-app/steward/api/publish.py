"""Read-only mirrors of the bridge's records. Idempotent: a record is written when its version is
newer than the stored one, so a repeated or late delivery changes nothing."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.operations.access import BRIDGE

#: What the bridge may publish: doctype -> the fields it sets.
PUBLISHED = {
	"Steward Request": {
		"text",
		"state",
		"person",
		"team",
		"route",
		"route_reason",
		"conversation",
		"requested_at",
		"finished_at",
		"operations",
		"model_calls",
		"cost_usd",
	},
}
MOST_RECORDS = 200


@frappe.whitelist(methods=["POST"])
def upsert(doctype: str, records: list | str) -> dict[str, Any]:
	"""Write `PublishedRecord`s; answers how many were written and how many were not newer."""
	if BRIDGE not in frappe.get_roles():
		frappe.throw(_("Only the bridge's service user may publish."), frappe.PermissionError)
	if doctype not in PUBLISHED:
		frappe.throw(_("{0} is not published.").format(doctype))
	rows = frappe.parse_json(records)
	if not isinstance(rows, list) or len(rows) > MOST_RECORDS:
		frappe.throw(_("A list of at most {0} records is needed.").format(MOST_RECORDS))
	written = sum(write(doctype, row) for row in rows)
	return {"written": written, "unchanged": len(rows) - written}


def write(doctype: str, record: dict[str, Any]) -> bool:
	external_id, version, values = record["external_id"], int(record["version"]), record["values"]
	unknown = set(values) - PUBLISHED[doctype]
	if unknown:
		frappe.throw(_("{0} has no published field {1}.").format(doctype, ", ".join(sorted(unknown))))
	stored = frappe.db.get_value(doctype, external_id, "version", for_update=True)
	if stored is not None and stored >= version:
		return False
	doc = frappe.get_doc(doctype, external_id) if stored is not None else frappe.new_doc(doctype)
	doc.update({**site_values(doctype, values), "external_id": external_id, "version": version})
	doc.flags.published = True
	doc.flags.ignore_links = True
	doc.save(ignore_permissions=True)
	return True


def site_values(doctype: str, values: dict[str, Any]) -> dict[str, Any]:
	"""RFC 3339 times in the site's zone, as Frappe stores them."""
	meta = frappe.get_meta(doctype)
	return {
		name: site_time(value) if value and meta.get_field(name).fieldtype == "Datetime" else value
		for name, value in values.items()
	}


def site_time(text: str) -> Any:
	import datetime
	from zoneinfo import ZoneInfo

	moment = datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
	if moment.tzinfo is None:
		return moment
	return moment.astimezone(ZoneInfo(frappe.utils.get_system_timezone())).replace(tzinfo=None)
