from __future__ import annotations

import threading
import uuid
from unittest.mock import patch

import frappe
from frappe.utils import background_jobs
from frappe.utils.background_jobs import get_job

from steward.api import operations as api
from steward.guard import current
from steward.tests import probe
from steward.tests.site import CUSTOMER, StewardTestCase, in_threads, operation, rows
from steward.tests.test_preview import lock_files, queued_jobs


def note(title: str | None = None) -> dict:
	return operation("create", "Note", values={"title": title or f"note-{uuid.uuid4()}"})


class GuardTestCase(StewardTestCase):
	"""Notes misbehave here: their `validate` event runs the probe, as an app's hook would."""

	def setUp(self):
		super().setUp()
		hooks = frappe.get_doc_hooks
		events = {**hooks(), "Note": {"on_update": ["steward.tests.probe.misbehave"]}}
		patcher = patch.object(frappe, "get_doc_hooks", lambda: events)
		patcher.start()
		self.addCleanup(patcher.stop)
		frappe.controllers.get(frappe.local.site, {}).pop("Note", None)
		self.addCleanup(self.behave, None)

	def behave(self, how) -> None:
		probe.behaviour = how


class TestWhatLeavesTheTransaction(GuardTestCase):
	def test_is_refused_and_named_while_previewing_and_while_applying(self):
		for how, code in (
			(probe.raw_commit, "inner_commit"),
			(probe.change_schema, "inner_commit"),
			(probe.ask_elsewhere, "outbound_http"),
			(probe.hand_off, "background_job"),
			(probe.lock, "background_job"),
		):
			with self.subTest(how.__name__):
				self.behave(how)
				asked = note()
				self.assertRefused(self.preview(asked), code)
				self.assertRefused(self.apply(asked, hash="x"), code)
				frappe.db.rollback()
				self.assertFalse(frappe.db.exists("Note", {"title": asked["values"]["title"]}))
				self.assertFalse(frappe.db.exists("Steward Operation", asked["operation_id"]))
		self.assertEqual(lock_files(), [])

	def test_an_inner_commit_saves_nothing_even_when_its_refusal_is_swallowed(self):
		for how in (probe.commit, probe.commit_quietly, probe.roll_back):
			with self.subTest(how.__name__):
				self.behave(how)
				asked = note()
				result = self.preview(asked)
				frappe.db.rollback()
				self.assertFalse(frappe.db.exists("Note", {"title": asked["values"]["title"]}))
				if not commits_in_events_are_ignored():
					self.assertRefused(result, "inner_commit")

	def test_a_look_for_a_picture_finds_none_and_refuses_nothing(self):
		self.behave(probe.look_for_picture)
		self.assertEqual(self.preview(note())["status"], "previewed")

	def test_the_guard_is_off_afterwards(self):
		self.behave(probe.raw_commit)
		self.preview(note())
		self.behave(None)
		self.assertIsNone(current())
		title = f"plain-{uuid.uuid4()}"
		frappe.get_doc({"doctype": "Note", "title": title}).insert().delete()
		frappe.db.commit()

	def test_a_stock_reconciliation_of_more_than_a_hundred_rows_is_refused(self):
		items = [many_item(index) for index in range(101)]
		frappe.db.commit()
		warehouse = frappe.get_all(
			"Warehouse", filters={"is_group": 0, "company": default_company()}, pluck="name", limit=1
		)[0]
		values = {
			"purpose": "Stock Reconciliation",
			"company": default_company(),
			"items": [
				{"item_code": item, "warehouse": warehouse, "qty": 3, "valuation_rate": 2} for item in items
			],
		}
		draft = operation("create", "Stock Reconciliation", values=values)
		submit = operation("submit", "Stock Reconciliation", name={"$ref": draft["operation_id"]})
		before = queued_jobs()
		self.assertRefused(self.preview(draft, submit), "background_job")
		self.assertEqual(queued_jobs() - before, set())
		self.assertEqual(lock_files(), [])


class TestDeferredEffects(GuardTestCase):
	def test_a_preview_tells_of_them_and_does_none(self):
		listener = listening()
		for how, kind in (
			(probe.hand_off_after_commit, "job"),
			(probe.mail, "mail"),
			(probe.tell, "realtime"),
		):
			with self.subTest(kind):
				self.behave(how)
				asked = note()
				result = self.preview(asked)
				self.assertEqual(result["status"], "previewed", result)
				self.assertIn(kind, [effect["kind"] for effect in result["operations"][0]["deferred"]])
				self.assertIsNone(get_job(f"steward-probe-{asked['values']['title']}"))
		self.assertNotIn("steward_probe", heard(listener))
		self.behave(probe.tell)
		self.applied(note())
		self.assertIn("steward_probe", heard(listener))
		self.assertFalse(
			frappe.db.exists("Email Queue", {"status": "Not Sent", "message": ["like", "%Steward test%"]})
		)

	def test_an_apply_does_them_after_the_commit(self):
		self.behave(probe.hand_off_after_commit)
		asked = note()
		self.applied(asked)
		self.assertIsNotNone(get_job(f"steward-probe-{asked['values']['title']}"))

	def test_values_of_the_transaction_reach_the_shared_cache_only_when_committed(self):
		redis = frappe.cache
		for key in ("steward_probe_value", "steward_probe_list", "steward_probe_hash"):
			redis.delete_value(key)
		self.behave(probe.fill_cache)
		self.preview(note())
		frappe.local.cache = {}
		self.assertIsNone(redis.get_value("steward_probe_value"))
		self.assertIsNone(redis.hget("steward_probe_hash", "title"))
		self.assertEqual(redis.llen("steward_probe_list"), 0)
		self.applied(note("cached"))
		self.assertEqual(redis.llen("steward_probe_list"), 1)
		redis.delete_value("steward_probe_list")
		frappe.db.delete("Note", {"title": "cached"})
		frappe.db.commit()


class TestBesideOtherThreads(StewardTestCase):
	def test_previews_take_nothing_from_ordinary_saves(self):
		marks = [f"beside-{uuid.uuid4()}" for _index in range(12)]
		previews = [lambda: preview_quotation() for _index in range(6)]
		saves = [lambda mark=mark: save_with_effects(mark) for mark in marks]
		results = in_threads([*previews, *saves])
		self.assertEqual([result for result in results if isinstance(result, Exception)], [])
		self.assertEqual([result["status"] for result in results[:6]], ["previewed"] * 6)
		frappe.db.rollback()
		frappe.local.cache = {}
		for mark in marks:
			self.assertTrue(frappe.db.exists("ToDo", {"description": mark}), "the document")
			self.assertIsNotNone(get_job(mark), "its job")
			self.assertTrue(frappe.db.exists("Email Queue", {"message": ["like", f"%{mark}%"]}), "its mail")
			self.assertEqual(frappe.cache.get_value(mark), mark, "its cached value")
			frappe.cache.delete_value(mark)
		frappe.db.delete("ToDo", {"description": ["like", "beside-%"]})
		frappe.db.commit()


def listening():
	"""A subscription to what Frappe publishes to open pages."""
	listener = background_jobs.get_redis_connection_without_auth().pubsub(ignore_subscribe_messages=True)
	listener.subscribe("events")
	listener.get_message(timeout=1)
	return listener


def heard(listener) -> str:
	"""Everything published so far."""
	texts = []
	while (message := listener.get_message(timeout=0.5)) is not None:
		texts.append(str(message["data"]))
	return " ".join(texts)


def preview_quotation() -> dict:
	asked = operation("create", "Quotation", values={"party_name": CUSTOMER, "items": rows()})
	return api.preview("beside", [asked])


#: The library that reads a mail's styles keeps whether it may fail in one variable for all threads.
one_mail_at_a_time = threading.Lock()


def save_with_effects(mark: str) -> None:
	"""An ordinary request: a document, a job, a mail and a cached value."""
	frappe.get_doc({"doctype": "ToDo", "description": mark}).insert()
	frappe.enqueue("frappe.ping", queue="short", job_id=mark)
	with one_mail_at_a_time:
		frappe.sendmail(recipients=["somebody@example.com"], subject=mark, message=mark)
	frappe.cache.set_value(mark, mark)
	frappe.db.commit()


def many_item(index: int) -> str:
	code = f"STEWARD-TEST-MANY-{index}"
	if not frappe.db.exists("Item", code):
		frappe.get_doc(
			{
				"doctype": "Item",
				"item_code": code,
				"item_group": "All Item Groups",
				"stock_uom": "Nos",
				"is_stock_item": 1,
			}
		).insert()
	return code


def default_company() -> str:
	from steward.tests.site import company

	return company()


def commits_in_events_are_ignored() -> bool:
	"""Frappe 16 ignores commit and rollback inside document events."""
	return hasattr(frappe.db, "_disable_transaction_control")
