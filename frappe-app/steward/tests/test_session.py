from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import frappe
from frappe.utils.password import update_password

from steward.setup.connect import SERVICE_USER, connect
from steward.tests.http import Caller
from steward.tests.site import APPROVER, PASSWORD, StewardTestCase

SESSION = "steward.api.session."
OAUTH = "frappe.integrations.oauth2"


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


class TestOAuthToken(SessionTestCase):
	"""Tokens of the authorization code flow: Frappe's own, of Steward's client."""

	def setUp(self):
		super().setUp()
		connect(frappe.db.get_single_value("Steward Settings", "bridge_url") or "http://127.0.0.1:8700")
		frappe.db.commit()
		name = frappe.db.get_single_value("Steward Settings", "oauth_client")
		self.oauth = frappe.db.get_value(
			"OAuth Client", name, ["name", "client_secret", "default_redirect_uri"], as_dict=True
		)

	def tokens(self) -> dict:
		"""As the bridge gets them: code with PKCE, then the code for tokens."""
		verifier = "a-verifier-that-is-long-enough-to-be-one-0123456789"
		challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
		asked = {
			"client_id": self.oauth.name,
			"response_type": "code",
			"redirect_uri": self.oauth.default_redirect_uri,
			"scope": "all openid",
			"state": "s",
			"code_challenge": challenge,
			"code_challenge_method": "S256",
		}
		browser = self.browser()
		path = f"/api/method/{OAUTH}.authorize?" + urlencode(asked, quote_via=quote)
		for _hop in range(2):
			path = browser.request("GET", path).headers["Location"]
			path = path.replace(frappe.utils.get_url(), "") if "oauth2.approve" in path else path
		code = parse_qs(urlsplit(path).query)["code"][0]
		redirect = {"redirect_uri": self.oauth.default_redirect_uri}
		status, tokens = self.token("authorization_code", code=code, code_verifier=verifier, **redirect)
		self.assertEqual(status, 200, tokens)
		return tokens

	def token(self, grant_type: str, **form) -> tuple[int, dict]:
		own = {"client_id": self.oauth.name, "client_secret": self.oauth.client_secret}
		answer = Caller().request(
			"POST", f"/api/method/{OAUTH}.get_token", data={"grant_type": grant_type, **own, **form}
		)
		return answer.status_code, answer.json

	def refreshed(self, tokens: dict) -> tuple[int, dict]:
		return self.token("refresh_token", refresh_token=tokens["refresh_token"])

	def status(self, tokens: dict) -> int:
		return self.bearer(tokens["access_token"]).call(SESSION + "whoami")[0]

	def change_password(self) -> None:
		update_password(APPROVER, PASSWORD)
		frappe.db.commit()

	def test_is_known_as_one_and_renews(self):
		tokens = self.tokens()
		_status, who = self.bearer(tokens["access_token"]).call(SESSION + "whoami")
		self.assertEqual((who["user"], who["grant_kind"]), (APPROVER, "oauth"))
		status, renewed = self.refreshed(tokens)
		self.assertEqual((status, self.status(renewed)), (200, 200))

	def test_ends_with_a_password_change(self):
		tokens = self.tokens()
		_status, renewed = self.refreshed(tokens)
		self.change_password()
		self.assertEqual((self.status(tokens), self.status(renewed)), (401, 401))

	def test_its_refresh_token_ends_with_a_password_change(self):
		tokens = self.tokens()
		self.change_password()
		status, answer = self.refreshed(tokens)
		self.assertEqual((status, answer.get("error")), (400, "invalid_grant"), answer)
		fresh = self.tokens()
		self.assertEqual(self.refreshed(fresh)[0], 200)

	def test_outlives_a_logout(self):
		tokens = self.tokens()
		browser = self.browser()
		browser.call("logout")
		self.assertEqual(self.status(tokens), 200)

	def test_ends_when_the_person_is_disabled(self):
		tokens = self.tokens()
		frappe.get_doc("User", APPROVER).update({"enabled": 0}).save()
		frappe.db.commit()
		frappe.get_doc("User", APPROVER).update({"enabled": 1}).save()
		frappe.db.commit()
		self.assertEqual(self.status(tokens), 401)
		self.assertIn(self.refreshed(tokens)[0], (400, 403))

	def test_of_another_client_is_left_alone(self):
		other = frappe.get_doc(
			{
				"doctype": "OAuth Client",
				"app_name": "Steward test of another",
				"scopes": "all openid",
				"redirect_uris": "http://127.0.0.1:9/",
				"default_redirect_uri": "http://127.0.0.1:9/",
				"skip_authorization": 1,
			}
		).insert()
		frappe.db.commit()
		self.oauth = frappe._dict(
			name=other.name, client_secret=other.client_secret, default_redirect_uri="http://127.0.0.1:9/"
		)
		try:
			tokens = self.tokens()
			self.assertFalse(frappe.db.exists("Steward Grant", {"token": tokens["access_token"]}))
			self.change_password()
			self.assertEqual(self.refreshed(tokens)[0], 200)
		finally:
			frappe.db.delete("OAuth Bearer Token", {"client": other.name})
			frappe.db.delete("OAuth Authorization Code", {"client": other.name})
			other.delete()
			frappe.db.commit()
