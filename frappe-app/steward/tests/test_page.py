from __future__ import annotations

import json
from pathlib import Path

import frappe
from frappe.utils.user import UserPermissions

from steward.setup.assets import built
from steward.setup.boot import steward_boot
from steward.tests.site import APPROVER, VIEWER, StewardTestCase
from steward.www.steward import get_context, may_open


class TestPage(StewardTestCase):
	def test_starts_with_what_the_page_needs(self):
		frappe.set_user(APPROVER)
		frappe.session.data.csrf_token = "token"
		context = frappe._dict()
		get_context(context)
		self.assertEqual(context.boot["user"], APPROVER)
		self.assertEqual(context.boot["site_name"], frappe.local.site)
		self.assertTrue(context.boot["csrf_token"])
		self.assertEqual(
			context.boot["bridge_url"], frappe.db.get_single_value("Steward Settings", "bridge_url") or ""
		)
		json.dumps(context.boot)

	def test_sends_guests_to_sign_in(self):
		frappe.set_user("Guest")
		self.assertRaises(frappe.Redirect, get_context, frappe._dict())
		self.assertFalse(may_open())

	def test_tells_who_may_approve(self):
		frappe.set_user(APPROVER)
		self.assertTrue(steward_boot()["may_approve"])
		frappe.set_user(VIEWER)
		self.assertFalse(steward_boot()["may_approve"])

	def test_a_panel_that_was_not_built_is_not_included(self):
		self.assertEqual(built("desk/no-such-file.js"), [])
		public = Path(frappe.get_app_path("steward", "public"))
		self.assertEqual(bool(built("desk/steward-panel.js")), (public / "desk/steward-panel.js").exists())

	def test_desk_offers_a_person_their_own_records(self):
		for user, offered in ((APPROVER, True), (VIEWER, False)):
			frappe.set_user(user)
			rights = UserPermissions(user)
			rights.build_permissions()
			with self.subTest(user):
				own = {"Steward Operation", "Steward Request"}
				self.assertEqual(own & set(rights.can_read), own if offered else set())

	def test_desk_of_frappe_16_has_a_tile_and_a_sidebar(self):
		if not frappe.db.exists("DocType", "Workspace Sidebar"):
			self.skipTest("Frappe 15 makes both from the hooks and the workspace")
		self.assertEqual(frappe.db.get_value("Desktop Icon", "Steward", "link"), "/steward")
		for item in frappe.get_doc("Workspace Sidebar", "Steward").items:
			if item.link_to:
				self.assertTrue(frappe.db.exists(item.link_type, item.link_to), item.label)


class TestSettings(StewardTestCase):
	def test_a_plan_caps_no_person_above_its_team(self):
		plan = frappe.get_doc(
			{
				"doctype": "Steward Plan",
				"plan_name": "Steward Test Plan",
				"currency": "USD",
				"monthly_requests": 10,
				"person_monthly_requests": 20,
			}
		)
		self.assertRaises(frappe.ValidationError, plan.insert)

	def test_plans_and_providers_reach_the_bridge_with_their_secrets(self):
		from steward.api.settings import plan, provider, read_plans, read_providers

		frappe.get_doc(
			{
				"doctype": "Steward Plan",
				"plan_name": "Steward Test Plan",
				"currency": "USD",
				"monthly_requests": 100,
				"monthly_model_budget_usd": 2.5,
			}
		).insert()
		frappe.get_doc(
			{
				"doctype": "Steward Model Provider",
				"provider_name": "Steward Test Provider",
				"kind": "openai_compatible",
				"base_url": "http://127.0.0.1:11434/v1/",
				"api_key": "sk-test",
				"small_models": "one\n\n two ",
			}
		).insert()
		plans = {row["name"]: plan(row) for row in read_plans()}
		providers = {row["name"]: provider(row) for row in read_providers()}
		self.assertEqual(plans["Steward Test Plan"]["monthly_model_budget_nano_usd"], 2_500_000_000)
		self.assertIsNone(plans["Steward Test Plan"]["person_monthly_requests"])
		found = providers["Steward Test Provider"]
		self.assertEqual(
			(found["base_url"], found["api_key"], found["small_models"]),
			("http://127.0.0.1:11434/v1", "sk-test", ["one", "two"]),
		)

	def test_names_who_changed_and_who_deleted_a_plan(self):
		from steward.api.settings import author, read_plans, removers

		frappe.set_user("Administrator")
		plan = {"doctype": "Steward Plan", "plan_name": "Steward Test Plan", "currency": "USD"}
		frappe.get_doc(plan).insert()
		by = {"modified_by": APPROVER}
		frappe.db.set_value("Steward Plan", "Steward Test Plan", by, update_modified=False)
		row = next(row for row in read_plans() if row["name"] == "Steward Test Plan")
		self.assertEqual(author("plan", row)["person"], APPROVER)
		frappe.delete_doc("Steward Plan", "Steward Test Plan")
		gone = {"kind": "plan", "name": "Steward Test Plan", "person": "Administrator"}
		self.assertEqual(removers()[-1], gone)

	def test_only_existing_fields_can_be_masked(self):
		settings = frappe.get_single("Steward Settings")
		settings.masked_fields = "Employee.no_such_field\nCustomer"
		self.assertRaises(frappe.ValidationError, settings.validate)
		settings.masked_fields = "Customer.tax_id\nLead"
		settings.validate()
