"""What a misbehaving customisation does, put into a document's events by the tests of the guard."""

from __future__ import annotations

import frappe
import requests

#: What the next saved probe document does; set by a test.
behaviour = None


def misbehave(doc, method: str | None = None) -> None:
	if behaviour is not None and doc.doctype == "Note":
		behaviour(doc)


def commit(doc) -> None:
	frappe.db.commit()


def commit_quietly(doc) -> None:
	"""As code that swallows every exception does."""
	try:
		frappe.db.commit()
	except Exception:
		frappe.clear_messages()


def raw_commit(doc) -> None:
	frappe.db.sql("commit")


def roll_back(doc) -> None:
	frappe.db.rollback()


def change_schema(doc) -> None:
	frappe.db.sql("create table if not exists `steward_probe` (a int)")


def ask_elsewhere(doc) -> None:
	requests.get("http://127.0.0.1:9/never", timeout=1)


def look_for_picture(doc) -> None:
	"""As Frappe does for the e-mail address of a lead or a contact, outside of tests."""
	frappe.flags.in_test = False
	try:
		doc.content = frappe.utils.has_gravatar("somebody@example.com") or "no picture"
	finally:
		frappe.flags.in_test = True


def hand_off(doc) -> None:
	frappe.enqueue("frappe.ping", queue="short")


def hand_off_after_commit(doc) -> None:
	frappe.enqueue(
		"frappe.ping", queue="short", enqueue_after_commit=True, job_id=f"steward-probe-{doc.title}"
	)


def lock(doc) -> None:
	doc.lock()


def mail(doc) -> None:
	frappe.sendmail(recipients=["somebody@example.com"], subject="Steward test", message="x")


def tell(doc) -> None:
	frappe.publish_realtime("steward_probe", {"title": doc.title})


def fill_cache(doc) -> None:
	frappe.cache.set_value("steward_probe_value", doc.title)
	frappe.cache.hset("steward_probe_hash", "title", doc.title)
	frappe.cache.rpush("steward_probe_list", doc.title)
