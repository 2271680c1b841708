from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import frappe

from steward.guard.reads import Reads

Mode = Literal["preview", "apply"]


class GuardViolation(Exception):
	"""Something tried to leave the transaction; `code` is a refusal code of the site protocol."""

	def __init__(self, code: str, message: str):
		super().__init__(message)
		self.code = code


@dataclass
class Guard:
	"""What one guarded run saw and held back."""

	mode: Mode
	#: The first violation stays, also when somebody swallowed its exception.
	violation: GuardViolation | None = None
	#: Documents written in this transaction, in order: (doctype, name).
	inserted: list[tuple[str, str]] = field(default_factory=list)
	updated: list[tuple[str, str]] = field(default_factory=list)
	deleted: list[tuple[str, str]] = field(default_factory=list)
	#: What is to happen after the commit: (kind, description).
	deferred: list[tuple[str, str]] = field(default_factory=list)
	#: Run after the real commit, in order; never after a preview.
	after_commit: list[Callable[[], object]] = field(default_factory=list)
	#: The request's own view of the shared cache, see `steward.guard.cache`.
	cache: dict = field(default_factory=dict)
	client_keys: dict = field(default_factory=dict)
	sequences: dict[str, int] = field(default_factory=dict)
	#: What was read already; None where the text of a statement does not tell what it touches.
	reads: Reads | None = None
	#: Code of templates compiled already, see `steward.guard.templates`.
	templates: dict = field(default_factory=dict)

	def refuse(self, code: str, message: str) -> GuardViolation:
		if self.violation is None:
			self.violation = GuardViolation(code, message)
		return self.violation

	def defer(self, kind: str, description: str, action: Callable[[], object]) -> None:
		"""Hold `action` back until the change is committed; a preview only tells of it."""
		self.deferred.append((kind, description))
		if self.mode == "apply":
			self.after_commit.append(action)


def current() -> Guard | None:
	"""The guard of this request, or None when nothing is being previewed or applied here."""
	return getattr(frappe.local, "steward_guard", None)
