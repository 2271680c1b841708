"""One guarded run through a list: do every operation in order, in one transaction, and say what
each one saved. Whoever starts a run commits it or rolls it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from steward.guard import Guard
from steward.operations import ledger
from steward.operations.companions import Companions, add_deleted_along, companions_of
from steward.operations.deferred import deferred_effects
from steward.operations.effect import effects
from steward.operations.fingerprint import Placeholders, canonical_hash, labels_of, stable_effect, stable_rows
from steward.operations.perform import perform
from steward.operations.refusal import messages_told
from steward.operations.request import Operation, resolve
from steward.operations.side_effects import side_effects
from steward.operations.table_effect import title_of
from steward.operations.undo_statement import undo_statement
from steward.operations.values import image_of


@dataclass
class Step:
	"""What one operation did inside the transaction."""

	operation: Operation
	doctype: str
	name: str | None
	before: dict[str, Any] | None
	after: dict[str, Any] | None
	asked: dict[str, Any]
	base_modified: str | None = None
	companions: Companions | None = None
	ledger: list[dict[str, Any]] = field(default_factory=list)
	stock: list[dict[str, Any]] = field(default_factory=list)
	preview: dict[str, Any] = field(default_factory=dict)
	stable: dict[str, Any] = field(default_factory=dict)

	@property
	def title(self) -> str | None:
		return title_of(self.doctype, self.after or self.before)


#: Does an operation: (operation, its name, its resolved values, its source) -> the document.
Performer = Callable[[Operation, str | None, dict, dict | None], Document | None]


class Run:
	def __init__(
		self,
		operations: list[Operation],
		guard: Guard,
		performer: Performer = perform,
		*,
		describes: bool = True,
	):
		self.operations = operations
		self.guard = guard
		self.performer = performer
		#: Whether somebody will look at the steps; the hash needs only what they save.
		self.describes = describes
		self.names: dict[str, str] = {}
		self.steps: list[Step] = []
		#: The operation being performed, for a refusal to name.
		self.at: str | None = None

	def perform_all(self) -> None:
		for operation in self.operations:
			self.at = operation.operation_id
			self.steps.append(self.perform_one(operation))
			if self.guard.violation:
				raise self.guard.violation
		self.at = None

	def perform_one(self, operation: Operation) -> Step:
		started, position, written = now_datetime(), len(self.guard.inserted), self.marks()
		name = resolve(operation.name, self.names)
		values = resolve(operation.values, self.names)
		before = self.image(operation.doctype, name) if name else None
		base_modified = before["modified"] if before else None
		companions = (
			companions_of(operation.doctype, name) if before and operation.action == "delete" else None
		)
		made = self.performer(operation, name, values, resolve(operation.source, self.names))
		if self.guard.violation:
			raise self.guard.violation
		doc = self.read_back(operation, name, made) if made is not None else None
		if doc is not None:
			self.names[operation.operation_id] = doc.name
		# Amending and restoring make a new document: nothing of it was there before.
		if doc is not None and before is not None and doc.name != before.get("name"):
			before = None
		step = Step(
			operation,
			operation.doctype,
			doc.name if doc is not None else name,
			before,
			image_of(doc) if doc is not None else None,
			values,
			base_modified,
			companions,
		)
		if companions:
			add_deleted_along(companions, (operation.doctype, name), self.guard, position)
		self.read_ledgers(step, doc, position)
		self.fix(step, doc, started)
		if self.describes:
			self.describe(step, doc, written)
		return step

	def image(self, doctype: str, name: str) -> dict[str, Any] | None:
		"""Of the document as it is now, locked, as what is done to it will find it."""
		if not frappe.db.exists(doctype, name):
			return None
		return image_of(frappe.get_doc(doctype, name, for_update=True))

	def read_back(self, operation: Operation, name: str | None, made: Document) -> Document:
		"""What is stored now. A document that the list had locked, or is about to, is read in the way that
		locks, so that what did not change in between is not asked again."""
		is_locked = made.name == name or any(
			later.name == {"$ref": operation.operation_id} for later in self.operations
		)
		return frappe.get_doc(made.doctype, made.name, for_update=is_locked)

	def marks(self) -> tuple[int, int, int, int]:
		guard = self.guard
		return len(guard.inserted), len(guard.updated), len(guard.deleted), len(guard.deferred)

	def read_ledgers(self, step: Step, doc: Document | None, position: int) -> None:
		if doc is not None and doc.meta.is_submittable:
			step.ledger = ledger.gl_entries(doc, self.guard, position)
			step.stock = ledger.stock_entries(doc, self.guard, position)

	def fix(self, step: Step, doc: Document | None, started) -> None:
		"""What of the step the hash is made of."""
		step.stable = {"deleted": True, **({"losses": step.companions.losses} if lost(step) else {})}
		if doc is not None:
			labels = labels_of(self.guard.inserted)
			step.stable = stable_effect(doc.meta, step.after, step.asked, started, labels)

	def describe(self, step: Step, doc: Document | None, marks: tuple[int, int, int, int]) -> None:
		operation = step.operation
		# A document made earlier in the list has no name to show: it is rolled back after a preview.
		exists_before = step.before is not None
		is_listed = isinstance(operation.name, dict)
		step.preview = {
			"operation_id": operation.operation_id,
			"action": operation.action,
			"doctype": step.doctype,
			"doctype_label": frappe._(step.doctype),
			"name": step.name if exists_before and not is_listed else None,
			"title": step.title,
			"docstatus_before": step.before.get("docstatus") if exists_before else None,
			"docstatus_after": step.after.get("docstatus") if step.after else None,
			"is_submittable": bool(frappe.get_meta(step.doctype).is_submittable),
			"base_modified": None if is_listed else step.base_modified,
			**effects(step.doctype, step.before, step.after, step.asked, doc),
			"currency": (doc.get("currency") or ledger.company_currency(doc)) if doc is not None else None,
			"ledger": step.ledger if frappe.has_permission("GL Entry", "read") else [],
			"stock": step.stock if frappe.has_permission("Stock Ledger Entry", "read") else [],
			"side_effects": side_effects(self.guard, marks, step),
			"deferred": deferred_effects(self.guard, marks[3]),
			"messages": messages_told(),
			"undo": undo_statement(step),
		}

	def hash(self) -> str:
		asked = json.dumps(
			[operation.as_asked() for operation in self.operations], ensure_ascii=False, default=str
		)
		placeholders = Placeholders(labels_of(self.guard.inserted), asked)
		listed = [
			placeholders.apply(
				{
					"operation_id": step.operation.operation_id,
					"action": step.operation.action,
					"doctype": step.doctype,
					"target": step.operation.name,
					"base_modified": self.base_modified(step),
					"source": step.operation.source,
					"effect": step.stable,
				}
			)
			| {
				"ledger": stable_rows(step.ledger, placeholders),
				"stock": stable_rows(step.stock, placeholders),
			}
			for step in self.steps
		]
		return canonical_hash(
			{"site": frappe.local.site, "person": frappe.session.user, "operations": listed}
		)

	def base_modified(self, step: Step) -> str | None:
		"""Of a document that was there before the list; one made in the list has no stable stamp."""
		is_listed = isinstance(step.operation.name, dict)
		return None if is_listed else step.base_modified


def lost(step: Step) -> bool:
	return bool(step.companions and step.companions.losses)
