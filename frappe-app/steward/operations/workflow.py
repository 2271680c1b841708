"""Submitting and cancelling a document that follows a Workflow.

Frappe's server would submit it all the same, only Desk hides the button; Steward keeps to the
workflow: it takes the action that leads there, with the person's own roles, or says why there is none.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import (
	WorkflowPermissionError,
	apply_workflow,
	get_transitions,
	get_workflow_name,
	has_approval_access,
)

SUBMITTED, CANCELLED = 1, 2


def submit(doc: Document) -> Document:
	workflow = workflow_of(doc)
	if workflow is None:
		doc.submit()
		return doc
	return take(doc, workflow, SUBMITTED)


def cancel(doc: Document) -> Document:
	workflow = workflow_of(doc)
	# As Desk does: a workflow that knows no cancelled state leaves cancelling to the usual rights.
	if workflow is None or CANCELLED not in docstatus_of_states(workflow).values():
		doc.cancel()
		return doc
	return take(doc, workflow, CANCELLED)


def workflow_of(doc: Document) -> Document | None:
	name = get_workflow_name(doc.doctype)
	return frappe.get_cached_doc("Workflow", name) if name else None


def take(doc: Document, workflow: Document, docstatus: int) -> Document:
	"""The first action open to this person that leads to `docstatus`."""
	states = docstatus_of_states(workflow)
	possible = get_transitions(doc, workflow)
	for transition in possible:
		if states.get(transition["next_state"]) == docstatus:
			done = apply_workflow(doc, transition["action"]) if may(doc, transition) else None
			if done is None:
				frappe.throw(_("Workflow {0}: nobody may approve his own document.").format(workflow.name))
			return done
	frappe.throw(why_not(doc, workflow, docstatus, possible), WorkflowPermissionError)


def may(doc: Document, transition: dict[str, Any]) -> bool:
	return has_approval_access(frappe.session.user, doc, frappe._dict(transition))


def docstatus_of_states(workflow: Document) -> dict[str, int]:
	return {row.state: int(row.doc_status or 0) for row in workflow.states}


def why_not(doc: Document, workflow: Document, docstatus: int, possible: list[dict[str, Any]]) -> str:
	state = doc.get(workflow.workflow_state_field)
	states = docstatus_of_states(workflow)
	leading = [row for row in workflow.transitions if states.get(row.next_state) == docstatus]
	who = sorted({f"{_(row.action)} ({_(row.allowed)})" for row in leading if row.state == state})
	reason = _("{0} {1} follows the workflow {2} and is in the state {3}.").format(
		_(doc.doctype), doc.name, workflow.name, _(state)
	)
	if who:
		return reason + " " + _("That takes: {0}.").format(", ".join(who))
	open_actions = ", ".join(_(row["action"]) for row in possible)
	if open_actions:
		return reason + " " + _("First comes: {0}.").format(open_actions)
	return reason + " " + _("No action leads there from it.")
