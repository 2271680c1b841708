"""Undoing applied operations of a request, newest first: previewed, hashed and recorded like any
other list, and each applied operation undone once."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from steward.guard import guarded
from steward.operations import access
from steward.operations.apply import claim, complete_rows, settle_or
from steward.operations.commit import commit, roll_back
from steward.operations.preview import refused
from steward.operations.record import DOCTYPE, IdTaken, insert_rows, outcomes, stored_rows, undone_by
from steward.operations.refusal import RETRYABLE, refusal_of
from steward.operations.request import Operation
from steward.operations.run import Run
from steward.operations.turn import turn_of
from steward.operations.undo_perform import OPPOSITE, undo_one
from steward.operations.undo_restore import CannotUndo

ROW_FIELDS = ["name", "state", "action", "reference_doctype", "reference_name", "person", "request_id"]
IMAGE_FIELDS = ["asked", "before_image", "after_image", "companions", "idx_in_request", "decided_at"]


def preview_undo_of(request_id: str, undo_request_id: str, ids: dict[str, str]) -> dict[str, Any]:
	"""The `UndoPreviewResult`; nothing remains."""
	undoing = Undoing(request_id, undo_request_id, ids)
	try:
		return undoing.attempt("preview").answer()
	finally:
		roll_back()


def undo_request(request_id: str, undo_request_id: str, ids: dict[str, str], approved: str) -> dict[str, Any]:
	"""The `UndoResult` under the hash the person approved."""
	with turn_of([*ids, *ids.values()]):
		return settle_or(
			lambda: settle(ids, approved),
			lambda: undo_once(Undoing(request_id, undo_request_id, ids), approved),
		) or in_conflict(ids, _("These operations are being undone by another request."))


def in_conflict(ids: dict[str, str], message: str) -> dict[str, Any]:
	return {"status": "conflict", "message": message, "outcomes": outcomes(list(ids.values()))}


def undo_once(undoing: Undoing, approved: str) -> dict[str, Any]:
	undoing.attempt("apply", approved)
	if undoing.refusal is not None or not undoing.run.steps or undoing.hash != approved:
		answer = undoing.answer()
		roll_back()
		if answer["status"] == "refused":
			return {"status": "refused", "refusal": answer["refusal"]}
		return {"status": "changed", "preview": answer}
	commit(undoing.run.guard)
	done = [step.operation.operation_id for step in undoing.run.steps]
	return {
		"status": "applied",
		"repeated": False,
		"outcomes": outcomes(done),
		"conflicts": undoing.conflicts,
	}


def settle(ids: dict[str, str], approved: str) -> dict[str, Any] | None:
	rows = stored_rows(list(ids.values()))
	if not rows:
		return None
	found = outcomes(list(rows))
	if any(row.state == "rejected" for row in rows.values()):
		return {"status": "rejected", "outcomes": found}
	mine = {(approved, frappe.session.user)}
	if {(row.effect_hash, row.person) for row in rows.values()} == mine and undoes_these(rows, ids):
		left = [left_over(applied) for applied, undo in ids.items() if undo not in rows]
		return {"status": "applied", "repeated": True, "outcomes": found, "conflicts": left}
	return in_conflict(ids, _("An operation id was used before for something else."))


def left_over(operation_id: str) -> dict[str, Any]:
	row = (
		frappe.db.get_value(DOCTYPE, operation_id, ["reference_doctype", "reference_name"], as_dict=True)
		or {}
	)
	return {
		"operation_id": operation_id,
		"doctype": row.get("reference_doctype") or "",
		"name": row.get("reference_name"),
		"fieldname": None,
		"label": None,
		"reason": _("It could not be undone with the rest."),
	}


def undoes_these(rows: dict[str, dict[str, Any]], ids: dict[str, str]) -> bool:
	return all(rows[undo].undo_of == applied for applied, undo in ids.items() if undo in rows)


class Undoing:
	"""Attempts to undo a list. What ERPNext refuses is left out, with its reason, and the rest is
	tried again from the start: one transaction holds exactly what can be undone."""

	def __init__(self, request_id: str, undo_request_id: str, ids: dict[str, str]):
		self.undo_request_id = undo_request_id
		self.ids = ids
		self.refusal: dict[str, Any] | None = None
		self.left_out: list[dict[str, Any]] = []
		self.rows = self.read_rows(request_id)
		self.run: Run
		self.hash: str | None = None
		self.partly: list[dict[str, Any]] = []

	@property
	def conflicts(self) -> list[dict[str, Any]]:
		return self.left_out + self.partly

	def read_rows(self, request_id: str) -> list[dict[str, Any]]:
		"""The applied rows this person may undo, newest first."""
		rows = frappe.get_all(
			DOCTYPE,
			fields=ROW_FIELDS + IMAGE_FIELDS,
			filters={"name": ["in", list(self.ids)], "state": "applied", "request_id": request_id},
			order_by="decided_at desc, idx_in_request desc",
		)
		undone = undone_by(list(self.ids))
		for unknown in set(self.ids) - {row.name for row in rows}:
			row = frappe._dict(name=unknown, reference_doctype="", reference_name=None)
			self.leave_out(row, _("It was not applied by this request."))
		kept = []
		for row in rows:
			if row.person != frappe.session.user and not access.sees_everybody():
				frappe.throw(_("You can undo only what you approved yourself."), frappe.PermissionError)
			if row.name in undone:
				self.leave_out(row, _("It was undone already."))
			else:
				kept.append(row)
		return kept

	def attempt(self, mode: str, approved: str = "") -> Undoing:
		while True:
			failed = self.pass_once(mode, approved)
			if failed is None:
				return self
			roll_back()
			self.rows = [row for row in self.rows if row.name != failed]

	def pass_once(self, mode: str, approved: str) -> str | None:
		"""One run over the rows; answers the applied id that cannot be undone, or None when all can."""
		self.partly = []
		by_undo_id = {self.ids[row.name]: row for row in self.rows}
		operations = [self.operation(row) for row in self.rows]
		with guarded(mode) as guard:
			self.run = Run(operations, guard, lambda operation, *_rest: self.perform(by_undo_id, operation))
			try:
				if mode == "apply":
					self.claim(operations, approved)
				self.run.perform_all()
				self.hash = self.run.hash()
				if mode == "apply":
					complete_rows(self.run)
			except (IdTaken, *RETRYABLE):
				raise
			except Exception as error:
				return self.fail(by_undo_id, error)
		return None

	def operation(self, row: dict[str, Any]) -> Operation:
		action = OPPOSITE[row.action]
		name = None if action == "create" else row.reference_name
		return Operation(self.ids[row.name], action, row.reference_doctype, name)

	def perform(self, by_undo_id: dict[str, dict[str, Any]], operation: Operation):
		row = by_undo_id[operation.operation_id]
		found: list[dict[str, Any]] = []
		doc = undo_one(row, found)
		self.partly += [self.conflict(row, **conflict) for conflict in found]
		return doc

	def claim(self, operations: list[Operation], approved: str) -> None:
		applied = {undo: row_name for row_name, undo in self.ids.items()}
		insert_rows(
			[
				{
					**claim(self.undo_request_id, operation, index, approved),
					"undo_of": applied[operation.operation_id],
				}
				for index, operation in enumerate(operations)
			]
		)

	def fail(self, by_undo_id: dict[str, dict[str, Any]], error: Exception) -> str | None:
		row = by_undo_id.get(self.run.at or "")
		if row is None:
			self.refusal = refused(self.run, error)["refusal"]
			return None
		if isinstance(error, CannotUndo):
			self.left_out += [self.conflict(row, **conflict) for conflict in error.conflicts]
			reason = str(error)
		else:
			reason = refusal_of(self.run.guard.violation or error, None)["message"]
		self.leave_out(row, reason)
		return row.name

	def leave_out(self, row: dict[str, Any], reason: str) -> None:
		self.left_out.append(self.conflict(row, fieldname=None, label=None, reason=reason))

	def conflict(self, row: dict[str, Any], **details: Any) -> dict[str, Any]:
		return {
			"operation_id": row.name,
			"doctype": row.reference_doctype,
			"name": row.reference_name,
			**details,
		}

	def answer(self) -> dict[str, Any]:
		if self.refusal is not None:
			return {"status": "refused", "refusal": self.refusal, "conflicts": self.conflicts}
		if not self.run.steps:
			return {"status": "nothing_to_undo", "conflicts": self.conflicts}
		applied = {undo: row_name for row_name, undo in self.ids.items()}
		originals = {row.name: row.reference_name for row in self.rows}
		operations = []
		for step in self.run.steps:
			undoes = applied[step.operation.operation_id]
			replaced = step.after is not None and step.name != originals[undoes]
			extra = {"undoes": undoes, "replacement_name": step.name if replaced else None}
			operations.append({**step.preview, **extra})
		return {
			"status": "previewed",
			"hash": self.hash,
			"operations": operations,
			"conflicts": self.conflicts,
		}
