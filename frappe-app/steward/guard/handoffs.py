"""Work handed to background workers."""

from __future__ import annotations

import frappe
from frappe.model.delete_doc import delete_dynamic_links
from frappe.model.document import Document
from frappe.utils import background_jobs
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

#: Frappe takes what refers to a deleted document away in a job; it only deletes and empties rows.
CLEARING_JOB = "frappe.model.delete_doc.delete_dynamic_links"


def install() -> None:
	wrap(Queue, "enqueue_call", enqueue_call)
	wrap(background_jobs, "enqueue", enqueue)
	# Frappe 16 imports the function by name.
	wrap(frappe, "enqueue", enqueue)
	wrap(Document, "queue_action", queue_action)


def enqueue(original, method, *args, **kwargs):
	"""What hangs on a deleted document goes in the same transaction: a job that comes later would take
	away again what an undo has put back by then."""
	guard = current()
	if guard is None or method != CLEARING_JOB:
		return original(method, *args, **kwargs)
	if guard.mode == "apply":
		delete_dynamic_links(kwargs["doctype"], kwargs["name"])
	return None


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
