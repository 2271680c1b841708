"""Work handed to background workers."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from rq import Queue

from steward.guard.install import wrap
from steward.guard.state import current

#: Jobs of Frappe that only tell people about a change: they wait for the commit.
TELLING_JOBS = (
	"frappe.desk.doctype.notification_log.",
	"frappe.desk.form.document_follow.",
	"frappe.integrations.doctype.webhook.webhook.enqueue_webhook",
	"frappe.email.",
	"frappe.sendmail",
	"frappe.core.doctype.communication.",
	"frappe.utils.global_search.",
	"frappe.search.",
)


def install() -> None:
	wrap(Queue, "enqueue_call", enqueue_call)
	wrap(Document, "queue_action", queue_action)


def enqueue_call(original, self, func, *args, **kwargs):
	guard = current()
	if guard is None:
		return original(self, func, *args, **kwargs)
	job = job_name(kwargs.get("kwargs") or {}, func)
	if not job.startswith(TELLING_JOBS):
		raise guard.refuse(
			"background_job",
			frappe._("This action hands work to a background job ({0}), so it cannot be shown whole.").format(
				job
			),
		)
	guard.defer("job", job, lambda: original(self, func, *args, **kwargs))
	return None


def queue_action(original, self, action, **kwargs):
	guard = current()
	if guard is None:
		return original(self, action, **kwargs)
	raise guard.refuse(
		"background_job",
		frappe._("ERPNext would {0} this {1} in a background job, so it cannot be shown whole.").format(
			action.strip("_"), frappe._(self.doctype)
		),
	)


def job_name(queue_args: dict, func: object) -> str:
	method = queue_args.get("method") or func
	if callable(method):
		return f"{method.__module__}.{method.__qualname__}"
	return str(method)
