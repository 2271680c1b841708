from __future__ import annotations

import frappe
from frappe.utils.password import update_password

from steward.setup.connect import SERVICE_USER, connect
from steward.tests.http import Caller
from steward.tests.site import APPROVER, PASSWORD, StewardTestCase

SESSION = "steward.api.session."


class SessionTestCase(StewardTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		update_password(APPROVER, PASSWORD)
		frappe.db.set_value("User", APPROVER, "enabled", 1)
		frappe.db.commit()

	def browser(self) -> Caller:
		caller = Caller()
		caller.log_in(APPROVER, PASSWORD)
		caller.take_csrf_token()
		return caller

	def granted(self, browser: Caller, **arguments) -> str:
		status, grant = browser.call(SESSION + "grant", **arguments)
		self.assertEqual(status, 200, grant)
		return grant["access_token"]

	def bearer(self, token: str) -> Caller:
		return Caller(Authorization=f"Bearer {token}")


class TestInteractiveGrant(SessionTestCase):
	def test_makes_a_bearer_of_that_person(self):
		browser = self.browser()
		token = self.granted(browser)
		status, who = self.bearer(token).call(SESSION + "whoami")
		self.assertEqual((status, who["user"], who["authentication"]), (200, APPROVER, "bearer"))
		self.assertEqual((who["steward_client"], who["grant_kind"]), (True, "interactive"))
		_status, cookie = browser.call(SESSION + "whoami")
		self.assertEqual(
			(cookie["authentication"], cookie["session_binding"]), ("cookie", who["session_binding"])
		)

	def test_is_renewed_by_asking_again(self):
		browser = self.browser()
		token = self.granted(browser)
		self.assertEqual(self.granted(browser), token)
		soon = frappe.utils.add_to_date(frappe.utils.now_datetime(), minutes=10)
		frappe.db.set_value("Steward Grant", {"token": token}, "expires_at", soon)
		frappe.db.commit()
		self.assertNotEqual(self.granted(browser), token)

	def test_needs_the_cookie_and_its_csrf_token(self):
		browser = self.browser()
		token = self.granted(browser)
		del browser.headers["X-Frappe-CSRF-Token"]
		self.assertEqual(browser.call(SESSION + "grant")[0], 400)
		self.assertEqual(self.bearer(token).call(SESSION + "grant")[0], 403)
		self.assertEqual(Caller().call(SESSION + "grant")[0], 403)

	def test_ends_at_once_with_the_logout_of_that_session_only(self):
		one, other = self.browser(), self.browser()
		first, second = self.granted(one), self.granted(other)
		self.assertNotEqual(first, second)
		one.call("logout")
		self.assertEqual(self.bearer(first).call(SESSION + "whoami")[0], 401)
		self.assertEqual(self.bearer(second).call(SESSION + "whoami")[0], 200)

	def test_ends_when_an_administrator_ends_the_session(self):
		token = self.granted(self.browser())
		frappe.sessions.clear_sessions(APPROVER, force=True)
		frappe.db.commit()
		self.assertEqual(self.bearer(token).call(SESSION + "whoami")[0], 401)

	def test_can_be_revoked_by_its_bearer(self):
		bearer = self.bearer(self.granted(self.browser()))
		self.assertEqual(bearer.call(SESSION + "revoke"), (200, {"revoked": 1}))
		self.assertEqual(bearer.call(SESSION + "whoami")[0], 401)


class TestDelegatedGrant(SessionTestCase):
	def delegated(self) -> str:
		return self.granted(self.browser(), kind="delegated", scope="automation: reminders", consent=True)

	def test_needs_consent_to_a_named_scope(self):
		browser = self.browser()
		self.assertEqual(browser.call(SESSION + "grant", kind="delegated", scope="x")[0], 403)
		self.assertEqual(browser.call(SESSION + "grant", kind="delegated", consent=True)[0], 403)

	def test_outlives_the_session_and_renews_itself(self):
		browser = self.browser()
		token = self.granted(browser, kind="delegated", scope="automation: reminders", consent=True)
		browser.call("logout")
		self.assertEqual(self.bearer(token).call(SESSION + "whoami")[1]["grant_kind"], "delegated")
		status, renewed = self.bearer(token).call(SESSION + "grant", kind="delegated")
		self.assertEqual(status, 200, renewed)
		self.assertEqual(self.bearer(renewed["access_token"]).call(SESSION + "whoami")[0], 200)
		self.assertEqual(self.bearer(token).call(SESSION + "whoami")[0], 401)

	def test_ends_with_a_password_change(self):
		token = self.delegated()
		update_password(APPROVER, PASSWORD)
		frappe.db.commit()
		self.assertEqual(self.bearer(token).call(SESSION + "whoami")[0], 401)

	def test_ends_when_the_person_is_disabled(self):
		token = self.delegated()
		frappe.get_doc("User", APPROVER).update({"enabled": 0}).save()
		frappe.db.commit()
		try:
			self.assertEqual(self.bearer(token).call(SESSION + "whoami")[0], 401)
		finally:
			frappe.get_doc("User", APPROVER).update({"enabled": 1}).save()
			frappe.db.commit()
		self.assertEqual(self.bearer(token).call(SESSION + "whoami")[0], 401)

	def test_its_owner_ends_it(self):
		browser = self.browser()
		token = self.granted(browser, kind="delegated", scope="x", consent=True)
		browser.call(SESSION + "revoke", kind="delegated")
		self.assertEqual(self.bearer(token).call(SESSION + "whoami")[0], 401)


class TestServiceUser(SessionTestCase):
	def setUp(self):
		super().setUp()
		url = frappe.db.get_single_value("Steward Settings", "bridge_url") or "http://127.0.0.1:8700"
		self.access = connect(url)
		frappe.db.commit()
		key = f"token {self.access['service_key']}:{self.access['service_secret']}"
		self.service = Caller(Authorization=key)

	def test_connecting_again_changes_nothing(self):
		again = connect(frappe.db.get_single_value("Steward Settings", "bridge_url"))
		self.assertEqual(again, {**self.access, "changed": []})

	def test_reads_the_settings_and_nobody_else_does(self):
		status, settings = self.service.call("steward.api.settings.get_for_bridge")
		self.assertEqual(status, 200, settings)
		self.assertEqual(settings["oauth_client_id"], self.access["oauth_client_id"])
		self.assertEqual(self.browser().call("steward.api.settings.get_for_bridge")[0], 403)

	def test_is_known_by_its_key(self):
		_status, who = self.service.call(SESSION + "whoami")
		self.assertEqual((who["user"], who["authentication"]), (SERVICE_USER, "api_key"))

	def test_cannot_read_or_change_business_documents(self):
		self.assertEqual(self.service.request("GET", "/api/resource/Customer").status_code, 403)
		asked = [
			{
				"operation_id": "service-user-1",
				"action": "create",
				"doctype": "ToDo",
				"values": {"description": "x"},
			}
		]
		self.assertEqual(
			self.service.call("steward.api.operations.preview", request_id="r", operations=asked)[0], 403
		)
		self.assertEqual(self.service.call(SESSION + "grant")[0], 403)

	def test_publishes_requests_once_by_version(self):
		def publish(version: int, state: str) -> dict:
			values = {
				"text": "quotation",
				"state": state,
				"person": APPROVER,
				"requested_at": "2026-11-24T08:00:00Z",
			}
			record = {"external_id": "published-1", "version": version, "values": values}
			return self.service.call(
				"steward.api.publish.upsert", doctype="Steward Request", records=[record]
			)[1]

		frappe.db.delete("Steward Request", {"name": "published-1"})
		frappe.db.commit()
		self.assertEqual(publish(2, "running")["written"], 1)
		self.assertEqual(publish(2, "running")["written"], 0)
		self.assertEqual(publish(1, "queued")["written"], 0)
		self.assertEqual(publish(3, "completed")["written"], 1)
		frappe.db.rollback()
		self.assertEqual(frappe.db.get_value("Steward Request", "published-1", "state"), "completed")
		self.assertEqual(self.service.call("steward.api.publish.upsert", doctype="ToDo", records=[])[0], 417)
		self.assertEqual(
			self.browser().call("steward.api.publish.upsert", doctype="Steward Request", records=[])[0], 403
		)
