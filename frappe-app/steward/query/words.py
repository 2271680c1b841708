"""The words of this person's site: doctypes and reports they may use, with translated labels."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from typing import Any

import frappe
from frappe import _
from frappe.utils.user import UserPermissions

MOST_MATCHES = 10
LEAST_SCORE = 0.6


def site_words() -> dict[str, Any]:
	"""The `SiteWords`; `version` changes when any of them does."""
	words = {
		"language": frappe.local.lang or "en",
		"doctypes": readable_doctypes(),
		"reports": usable_reports(),
	}
	text = json.dumps(words, sort_keys=True)
	return {"version": hashlib.sha256(text.encode()).hexdigest()[:16], **words}


def readable_doctypes() -> list[dict[str, Any]]:
	rights = UserPermissions(frappe.session.user)
	rights.build_permissions()
	readable, creatable = set(rights.can_read), set(rights.can_create)
	rows = frappe.get_all(
		"DocType",
		filters={"istable": 0, "issingle": 0, "is_virtual": 0},
		fields=["name", "module", "is_submittable"],
		order_by="name asc",
	)
	return [
		{
			"doctype": row.name,
			"label": _(row.name),
			"module": row.module,
			"is_submittable": bool(row.is_submittable),
			"can_create": row.name in creatable,
		}
		for row in rows
		if row.name in readable
	]


def usable_reports() -> list[dict[str, Any]]:
	from frappe.boot import get_allowed_reports

	reports = get_allowed_reports()
	return [
		{
			"name": name,
			"label": _(report.get("title") or name),
			"ref_doctype": report.get("ref_doctype") or "",
			"report_type": report.get("report_type") or "",
		}
		for name, report in sorted(reports.items())
	]


def find(words: str) -> list[dict[str, Any]]:
	"""`DoctypeMatch`es for the words, best first."""
	wanted = normal(words)
	if not wanted:
		return []
	matches = []
	for row in readable_doctypes():
		score = max(score_of(wanted, row["doctype"]), score_of(wanted, row["label"]))
		if score >= LEAST_SCORE:
			kept = {key: row[key] for key in ("doctype", "label", "module")}
			matches.append({**kept, "score": round(score, 3)})
	matches.sort(key=lambda match: (-match["score"], len(match["doctype"]), match["doctype"]))
	return matches[:MOST_MATCHES]


def score_of(wanted: str, label: str) -> float:
	"""1 for the same words, less for some of them or for a typing error."""
	have = normal(label)
	if wanted == have:
		return 1.0
	asked, held = set(wanted.split()), set(have.split())
	shared = len(asked & held) / max(len(asked | held), 1)
	alike = difflib.SequenceMatcher(None, wanted, have).ratio()
	if held <= asked:
		alike = max(alike, 0.8 + 0.1 * shared)
	return max(alike, shared * 0.95)


def normal(text: str) -> str:
	"""Lower case, without punctuation, plurals cut to their stem."""
	words = re.findall(r"\w+", (text or "").lower())
	return " ".join(singular(word) for word in words)


def singular(word: str) -> str:
	if len(word) > 4 and word.endswith("ies"):
		return word[:-3] + "y"
	if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
		return word[:-1]
	return word
