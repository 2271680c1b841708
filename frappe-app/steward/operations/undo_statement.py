"""What undoing an operation would do, and whether this person may: stated before it is approved."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _


def undo_statement(step) -> dict[str, Any]:
	"""The `UndoStatement` of a performed step."""
	doctype, label = step.doctype, _(step.doctype)
	action = step.operation.action
	if action in ("create", "amend"):
		return statement("exact", may(doctype, "delete"), _("Undo deletes the draft {0}.").format(label))
	if action == "update":
		return statement("exact", may(doctype, "write"), _("Undo puts the changed fields back."))
	if action == "submit":
		return statement("compensating", may(doctype, "cancel"), _("Undo cancels the {0}.").format(label))
	if action == "cancel":
		allowed = may(doctype, "amend") and may(doctype, "create")
		return statement("replacement", allowed, _("Undo makes an amended draft; it is not submitted."))
	return statement(
		"replacement",
		may(doctype, "create"),
		_("Undo restores the {0}, perhaps under a new name, without its attachments and comments.").format(
			label
		),
	)


def statement(undo_class: str, allowed: bool, sentence: str) -> dict[str, Any]:
	if not allowed:
		sentence += " " + _("You have no permission for that.")
	return {"class": undo_class, "allowed": allowed, "statement": sentence}


def may(doctype: str, right: str) -> bool:
	return bool(frappe.has_permission(doctype, right))
