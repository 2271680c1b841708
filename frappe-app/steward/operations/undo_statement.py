"""What undoing an operation would do, and whether this person may: stated before it is approved."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.operations.companions import words_of


def undo_statement(step) -> dict[str, Any]:
	"""The `UndoStatement` of a performed step."""
	doctype, label = step.doctype, _(step.doctype)
	action = step.operation.action
	if action in ("create", "amend"):
		sentence = _("Undo deletes the draft {0}.") if is_submittable(doctype) else _("Undo deletes the {0}.")
		return statement("exact", may(doctype, "delete"), sentence.format(label))
	if action == "update":
		return statement("exact", may(doctype, "write"), _("Undo puts the changed fields back."))
	if action == "submit":
		return statement("compensating", may(doctype, "cancel"), _("Undo cancels the {0}.").format(label))
	if action == "cancel":
		allowed = may(doctype, "amend") and may(doctype, "create")
		return statement("replacement", allowed, _("Undo makes an amended draft; it is not submitted."))
	return statement("replacement", may_restore(step), restoring(step))


def may_restore(step) -> bool:
	is_cancelled = bool(step.before) and step.before.get("docstatus") == 2
	return may(step.doctype, "create") and (not is_cancelled or may(step.doctype, "cancel"))


def restoring(step) -> str:
	"""What comes back, and what does not."""
	sentence = _("Undo restores the {0}.").format(_(step.doctype))
	if step.before and step.before.get("docstatus") == 2:
		sentence = _("Undo restores the {0}, cancelled as it is.").format(_(step.doctype))
	if step.companions is None:
		return sentence
	along = words_of(step.companions)
	if along:
		sentence += " " + _("With it come back: {0}.").format(along)
	if step.companions.files:
		sentence += " " + _("Attachments are kept for the undo as long as Log Settings say.")
	for loss in step.companions.losses:
		sentence += " " + _("Cannot be brought back: {0}.").format(loss)
	return sentence


def is_submittable(doctype: str) -> bool:
	return bool(frappe.get_meta(doctype).is_submittable)


def statement(undo_class: str, allowed: bool, sentence: str) -> dict[str, Any]:
	if not allowed:
		sentence += " " + _("You have no permission for that.")
	return {"class": undo_class, "allowed": allowed, "statement": sentence}


def may(doctype: str, right: str) -> bool:
	return bool(frappe.has_permission(doctype, right))
