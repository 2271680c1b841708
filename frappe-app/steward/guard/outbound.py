"""Mail, realtime messages and calls to other servers."""

from __future__ import annotations

import http.client
import smtplib
from urllib.parse import urlsplit

import frappe
import requests
from frappe import realtime
from frappe.email.doctype.email_queue.email_queue import EmailQueue

from steward.guard.install import wrap
from steward.guard.state import current

#: Frappe looks for a person's picture there while saving and goes on without one. What is saved must
#: not hang on another server, so under the guard there is none, in the preview as when applied.
PICTURES = "secure.gravatar.com"


def install() -> None:
	wrap(requests.Session, "send", send_request)
	wrap(http.client.HTTPConnection, "connect", connect_http)
	wrap(smtplib.SMTP, "connect", connect_smtp)
	wrap(EmailQueue, "send", send_mail)
	wrap(realtime, "emit_via_redis", emit_via_redis)


def send_request(original, self, request, **kwargs):
	guard = current()
	if guard is None:
		return original(self, request, **kwargs)
	raise outbound(guard, getattr(request, "url", ""))


def connect_http(original, self, *args, **kwargs):
	guard = current()
	if guard is None:
		return original(self, *args, **kwargs)
	raise outbound(guard, self.host)


def connect_smtp(original, self, *args, **kwargs):
	guard = current()
	if guard is None:
		return original(self, *args, **kwargs)
	raise outbound(guard, str(args[0]) if args else "")


def outbound(guard, target: str):
	host = (target.split("://")[-1].split("/")[0] or "").split("?")[0]
	if host == PICTURES:
		return requests.exceptions.ConnectionError(f"{host} is not asked while a change is prepared")
	reason = frappe._("This action asks another server ({0}) while saving, so it cannot be taken back.")
	return guard.refuse("outbound_http", " ".join([reason.format(host), *what_to_do(host)]))


def what_to_do(host: str) -> list[str]:
	endpoint = frappe.db.get_single_value("Currency Exchange Settings", "api_endpoint") or ""
	if urlsplit(endpoint).hostname != host.split(":")[0]:
		return []
	return [
		frappe._(
			"It looks for an exchange rate there. Give the Exchange Rate with the request, or create a "
			"Currency Exchange record first."
		)
	]


def send_mail(original, self, *args, **kwargs):
	guard = current()
	if guard is None:
		return original(self, *args, **kwargs)
	guard.defer("mail", frappe._("Mail is sent at once"), lambda: original(self, *args, **kwargs))
	return None


def emit_via_redis(original, event, message, room, *args, **kwargs):
	guard = current()
	if guard is None:
		return original(event, message, room, *args, **kwargs)
	guard.defer("realtime", str(event), lambda: original(event, message, room, *args, **kwargs))
	return None
