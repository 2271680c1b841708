"""The site the tests run on: an ERPNext with a company set up. They add what they need under names
of their own and take away what ERPNext lets them; use a test site."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import add_days, today

try:
	from frappe.tests import IntegrationTestCase as BaseTestCase
except ImportError:
	from frappe.tests.utils import FrappeTestCase as BaseTestCase

from steward.api import operations as api

ITEM, SERVICE = "STEWARD-TEST-ITEM", "STEWARD-TEST-SERVICE"
CUSTOMER, OTHER_CUSTOMER, SUPPLIER = (
	"Steward Test Customer",
	"Steward Test Other Customer",
	"Steward Test Supplier",
)
APPROVER, VIEWER, RESTRICTED = (
	"steward-approver@example.com",
	"steward-viewer@example.com",
	"steward-restricted@example.com",
)
PASSWORD = "steward-Test-7319"
ROLES = ["Sales User", "Sales Manager", "Accounts User", "Accounts Manager", "Stock User", "Purchase User"]


class StewardTestCase(BaseTestCase):
	"""Runs as on a live site: jobs are queued, not run inline, and what is applied is committed."""

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		live_mode(True)
		ensure_fixtures()

	@classmethod
	def tearDownClass(cls) -> None:
		live_mode(False)
		super().tearDownClass()

	def setUp(self) -> None:
		frappe.set_user("Administrator")
		frappe.db.commit()

	def tearDown(self) -> None:
		frappe.db.rollback()
		frappe.set_user("Administrator")

	def preview(self, *operations: dict, request_id: str = "test-request") -> dict[str, Any]:
		return api.preview(request_id, list(operations))

	def apply(
		self, *operations: dict, hash: str | None = None, request_id: str = "test-request"
	) -> dict[str, Any]:
		if hash is None:
			previewed = self.preview(*operations)
			self.assertEqual(previewed["status"], "previewed", previewed)
			hash = previewed["hash"]
		return api.apply(request_id, list(operations), hash)

	def applied(self, *operations: dict, request_id: str = "test-request") -> list[dict[str, Any]]:
		result = self.apply(*operations, request_id=request_id)
		self.assertEqual(result["status"], "applied", result)
		return result["outcomes"]

	def assertRefused(self, result: dict[str, Any], code: str, words: str = "") -> None:
		self.assertEqual(result["status"], "refused", result)
		self.assertEqual(result["refusal"]["code"], code, result)
		self.assertIn(words, result["refusal"]["message"])


def live_mode(on: bool) -> None:
	frappe.local.flags.in_test = not on
	if hasattr(frappe, "in_test"):
		frappe.in_test = not on


def operation(action: str, doctype: str, **rest: Any) -> dict[str, Any]:
	return {"operation_id": str(uuid.uuid4()), "action": action, "doctype": doctype, **rest}


def reference(earlier: dict[str, Any]) -> dict[str, str]:
	return {"$ref": earlier["operation_id"]}


def company() -> str:
	return (
		frappe.defaults.get_global_default("company") or frappe.get_all("Company", pluck="name", limit=1)[0]
	)


def rows(quantity: float = 5, item: str = ITEM) -> list[dict[str, Any]]:
	return [{"item_code": item, "qty": quantity}]


def everyday_documents() -> dict[str, dict[str, Any]]:
	"""Values with which each everyday doctype can be created."""
	soon = add_days(today(), 14)
	return {
		"Quotation": {"party_name": CUSTOMER, "items": rows()},
		"Sales Order": {"customer": CUSTOMER, "delivery_date": soon, "items": rows()},
		"Sales Invoice": {"customer": CUSTOMER, "items": rows()},
		"Delivery Note": {"customer": CUSTOMER, "items": rows()},
		"Supplier Quotation": {"supplier": SUPPLIER, "items": rows()},
		"Purchase Order": {"supplier": SUPPLIER, "schedule_date": soon, "items": rows()},
		"Purchase Receipt": {"supplier": SUPPLIER, "items": rows()},
		"Purchase Invoice": {"supplier": SUPPLIER, "items": rows()},
		"Material Request": {"schedule_date": soon, "items": rows()},
		"Customer": {"customer_name": "Steward Test Newcomer"},
		"Supplier": {"supplier_name": "Steward Test New Supplier"},
		"Item": {"item_code": "STEWARD-TEST-NEW", "item_group": "All Item Groups", "stock_uom": "Nos"},
		"Lead": {"lead_name": "Steward Test Lead"},
		"Opportunity": {"opportunity_from": "Customer", "party_name": CUSTOMER},
		"ToDo": {"description": "Steward test", "allocated_to": APPROVER},
		"Event": {"subject": "Steward test", "starts_on": f"{soon} 10:00:00"},
		"Project": {"project_name": "Steward Test Project"},
		"Task": {"subject": "Steward test"},
		"Address": {
			"address_title": "Steward Test",
			"address_line1": "1 Test Road",
			"city": "Test",
			"country": country(),
		},
		"Contact": {"first_name": "Steward Test Contact"},
	}


def country() -> str:
	return frappe.db.get_value("Company", company(), "country")


def ensure_fixtures() -> None:
	for name in (ITEM, SERVICE):
		ensure(
			"Item",
			name,
			item_code=name,
			item_group="All Item Groups",
			stock_uom="Nos",
			is_stock_item=int(name == ITEM),
		)
	ensure_prices()
	for name in (CUSTOMER, OTHER_CUSTOMER):
		ensure("Customer", name, customer_name=name, customer_type="Company")
	ensure("Supplier", SUPPLIER, supplier_name=SUPPLIER, supplier_type="Company")
	ensure_user(APPROVER, [*ROLES, "Purchase Manager", "Sales Master Manager", "Steward User"])
	ensure_user(VIEWER, ROLES)
	ensure_user(RESTRICTED, ["Sales User", "Steward User"])
	if not frappe.db.exists("User Permission", {"user": RESTRICTED, "for_value": CUSTOMER}):
		frappe.get_doc(
			{"doctype": "User Permission", "user": RESTRICTED, "allow": "Customer", "for_value": CUSTOMER}
		).insert()
	frappe.db.commit()


def ensure(doctype: str, name: str, **values: Any) -> None:
	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, **values}).insert()


def ensure_prices() -> None:
	for price_list, rate in (("Standard Selling", 100), ("Standard Buying", 60)):
		if not frappe.db.exists("Item Price", {"item_code": ITEM, "price_list": price_list}):
			frappe.get_doc(
				{
					"doctype": "Item Price",
					"item_code": ITEM,
					"price_list": price_list,
					"price_list_rate": rate,
				}
			).insert()


def ensure_user(email: str, roles: list[str]) -> None:
	if not frappe.db.exists("User", email):
		frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": email.split("@")[0],
				"send_welcome_email": 0,
				"new_password": PASSWORD,
				"roles": [{"role": role} for role in roles],
			}
		).insert()


def in_threads(tasks: list[Callable[[], Any]], user: str = "Administrator") -> list[Any]:
	"""Run the tasks at once, each with a connection of its own, as requests of a live server are."""
	site, results = frappe.local.site, [None] * len(tasks)
	start = threading.Barrier(len(tasks))

	def work(index: int) -> None:
		frappe.init(site)
		frappe.connect()
		try:
			live_mode(True)
			frappe.set_user(user)
			start.wait()
			results[index] = tasks[index]()
		except Exception as error:
			results[index] = error
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=work, args=(index,)) for index in range(len(tasks))]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	return results


def checksums() -> dict[str, int]:
	"""CHECKSUM of every table of the site, with the next value of each sequence."""
	tables = [table for table in database_objects("BASE TABLE") if table not in ELSEWHERE]
	sums = {table: frappe.db.sql(f"checksum table `{table}`")[0][1] for table in tables}
	for sequence in database_objects("SEQUENCE"):
		sums[sequence] = frappe.db.sql(f"select next_not_cached_value from `{sequence}`")[0][0]
	return sums


def database_objects(kind: str) -> list[str]:
	query = (
		"select table_name from information_schema.tables where table_schema = database() and table_type = %s"
	)
	return frappe.db.sql(query, kind, pluck=True)


#: Written by the scheduler and by signed-in people while the tests run.
ELSEWHERE = {
	"tabSessions",
	"tabUser",
	"tabActivity Log",
	"tabScheduled Job Log",
	"tabScheduled Job Type",
	"tabRoute History",
	"tabOAuth Bearer Token",
	"tabError Log",
	"tabDefaultValue",
}
