"""Reading for the bridge, within this person's own rights."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.operations import access
from steward.operations.mappings import mappings_from
from steward.query import aggregate as aggregation
from steward.query import describe, words


@frappe.whitelist(methods=["POST"])
def describe_doctype(doctype: str) -> dict[str, Any]:
	"""Fields, rights and make functions of a doctype."""
	access.require_person()
	return describe.describe(doctype)


@frappe.whitelist(methods=["POST"])
def aggregate(query: dict | str) -> dict[str, Any]:
	"""Counts and sums, grouped, over the rows this person may list."""
	access.require_person()
	asked = frappe.parse_json(query)
	if not isinstance(asked, dict):
		frappe.throw(_("A query must be an object."))
	describe.require_known(str(asked.get("doctype") or ""))
	return aggregation.aggregate(asked)


@frappe.whitelist(methods=["POST"])
def find_doctype(words: str) -> list[dict[str, Any]]:
	"""Doctypes by words, typing errors forgiven, translated labels too."""
	access.require_person()
	return find_by(words)


@frappe.whitelist(methods=["POST"])
def list_mappings(doctype: str | None = None) -> list[dict[str, str]]:
	"""ERPNext's make functions this person may use, all or those from one doctype."""
	access.require_person()
	return mappings_from(doctype)


@frappe.whitelist(methods=["POST"])
def site_words() -> dict[str, Any]:
	"""The words of this person's site for the local router."""
	access.require_person()
	return words.site_words()


def find_by(text: str) -> list[dict[str, Any]]:
	return words.find(text)
