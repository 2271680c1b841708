"""What would run after the commit: mail, jobs, webhooks and messages to open pages."""

from __future__ import annotations

import inspect
from typing import Any

import frappe
from frappe import _

from steward.guard import Guard


def deferred_effects(guard: Guard, position: int) -> list[dict[str, str]]:
	"""Held back by the guard since `position`, and waiting in Frappe's own after-commit queue."""
	seen: dict[tuple[str, str], None] = {}
	for kind, description in guard.deferred[position:]:
		seen[(kind, description)] = None
	for effect in waiting():
		seen[effect] = None
	return [{"kind": kind, "description": description} for kind, description in seen if description]


def waiting() -> list[tuple[str, str]]:
	effects = []
	for function in list(getattr(frappe.db.after_commit, "_functions", ())):
		name = getattr(function, "__qualname__", "")
		if name == "enqueue.<locals>.enqueue_call":
			effects.append(("job", job_of(function)))
		elif name == "flush_webhook_execution_queue":
			effects.extend(webhooks())
	return effects


def job_of(function: Any) -> str:
	queue_args = inspect.getclosurevars(function).nonlocals.get("queue_args") or {}
	return str(queue_args.get("job_name") or queue_args.get("method") or "")


def webhooks() -> list[tuple[str, str]]:
	return [
		("webhook", _("Webhook {0} about {1}").format(entry.webhook.get("name"), entry.doc.get("name")))
		for entry in getattr(frappe.local, "_webhook_queue", None) or []
	]
