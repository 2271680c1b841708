from __future__ import annotations

import frappe

from steward.api import query as api
from steward.tests.site import (
	CUSTOMER,
	OTHER_CUSTOMER,
	RESTRICTED,
	StewardTestCase,
	rows,
)


class TestQuery(StewardTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.made = []
		for customer, quantity in ((CUSTOMER, 1), (CUSTOMER, 2), (OTHER_CUSTOMER, 4)):
			values = {"customer": customer, "delivery_date": frappe.utils.today(), "items": rows(quantity)}
			doc = frappe.get_doc({"doctype": "Sales Order", **values})
			cls.made.append(doc.insert().name)
		frappe.db.commit()

	@classmethod
	def tearDownClass(cls):
		frappe.set_user("Administrator")
		for name in cls.made:
			frappe.delete_doc("Sales Order", name)
		frappe.db.commit()
		super().tearDownClass()

	def ask(self, **query) -> dict:
		return api.aggregate({"doctype": "Sales Order", "filters": [["name", "in", self.made]], **query})

	def test_sums_by_group_in_the_order_asked_for(self):
		answer = self.ask(
			group_by=["customer"],
			measures=[
				{"function": "sum", "field": "grand_total", "as": "total"},
				{"function": "count", "as": "orders"},
			],
			order_by="total desc",
		)
		self.assertEqual(
			answer["rows"],
			[
				{"customer": OTHER_CUSTOMER, "total": 400, "orders": 1},
				{"customer": CUSTOMER, "total": 300, "orders": 2},
			],
		)
		self.assertEqual(answer["total_groups"], 2)
		self.assertEqual(answer["currency"], frappe.db.get_value("Sales Order", self.made[0], "currency"))
		limited = self.ask(group_by=["customer"], measures=[{"function": "count", "as": "n"}], limit=1)
		self.assertEqual((len(limited["rows"]), limited["total_groups"]), (1, 2))

	def test_buckets_dates(self):
		year, month = frappe.utils.today()[:4], frappe.utils.today()[:7]
		for bucket, expected in (("year", int(year)), ("month", month), ("day", frappe.utils.today())):
			answer = self.ask(
				group_by=[f"transaction_date:{bucket}"], measures=[{"function": "count", "as": "n"}]
			)
			self.assertEqual(answer["rows"], [{f"transaction_date:{bucket}": expected, "n": 3}])

	def test_reaches_into_rows_and_across_links(self):
		rows_of = self.ask(
			group_by=["items.item_code"], measures=[{"function": "sum", "field": "items.qty", "as": "qty"}]
		)
		self.assertEqual(rows_of["rows"][0]["qty"], 7)
		linked = self.ask(group_by=["company.default_currency"], measures=[{"function": "count", "as": "n"}])
		self.assertEqual(linked["rows"][0]["n"], 3)
		mixed = {
			"group_by": ["items.item_code"],
			"measures": [{"function": "sum", "field": "grand_total", "as": "x"}],
		}
		self.assertRaises(frappe.ValidationError, self.ask, **mixed)

	def test_a_restricted_person_gets_exactly_the_rows_of_desks_list(self):
		frappe.set_user(RESTRICTED)
		for doctype, filters in (
			("Sales Order", [["name", "in", self.made]]),
			("Customer", []),
			("Quotation", []),
		):
			with self.subTest(doctype):
				listed = frappe.get_list(
					doctype, filters=[[doctype, *row] for row in filters], pluck="name", limit=0
				)
				counted = api.aggregate(
					{
						"doctype": doctype,
						"filters": filters,
						"group_by": ["name"],
						"measures": [{"function": "count", "as": "n"}],
						"limit": 1000,
					}
				)
				self.assertEqual(sorted(row["name"] for row in counted["rows"]), sorted(listed))
		self.assertEqual(self.ask(measures=[{"function": "count", "as": "n"}])["rows"], [{"n": 2}])

	def test_no_way_around_rights(self):
		frappe.set_user(RESTRICTED)
		refused = (
			{"doctype": "Purchase Order", "measures": [{"function": "count", "as": "n"}]},
			{"doctype": "User", "measures": [{"function": "count", "as": "n"}], "group_by": ["api_secret"]},
			{"doctype": "Quotation Item", "measures": [{"function": "count", "as": "n"}]},
			{
				"doctype": "Quotation",
				"measures": [{"function": "count", "as": "n"}],
				"group_by": ["company.no_such"],
			},
		)
		for query in refused:
			with self.subTest(query["doctype"]):
				self.assertRaises((frappe.PermissionError, frappe.ValidationError), api.aggregate, query)

	def test_names_and_orders_cannot_smuggle_sql(self):
		count = {"function": "count", "as": "n"}
		for query in (
			{"measures": [{"function": "count", "as": "n`, (select 1) as `m"}]},
			{"measures": [{"function": "sleep", "field": "grand_total", "as": "n"}]},
			{"measures": [count], "group_by": ["name`) from tabUser -- "]},
			{"measures": [count], "order_by": "n desc, (select 1)"},
			{"measures": [count], "filters": [["name", "= '' or 1=1 -- ", "x"]]},
		):
			with self.subTest(str(query)):
				self.assertRaises((frappe.PermissionError, frappe.ValidationError), self.ask, **query)

	def test_describes_only_what_may_be_read(self):
		meta = frappe.get_meta("Customer")
		hidden = meta.get_field("credit_limits") or meta.get_field("payment_terms")
		frappe.set_user(RESTRICTED)
		described = api.describe_doctype("Customer")
		names = {field["fieldname"] for field in described["fields"]}
		self.assertIn("customer_name", names)
		self.assertEqual(
			hidden.fieldname in names, (hidden.permlevel or 0) in meta.get_permlevel_access("read")
		)
		self.assertTrue(described["permissions"]["read"])
		self.assertFalse(described["permissions"]["delete"])
		self.assertRaises(frappe.PermissionError, api.describe_doctype, "Purchase Invoice")

	def test_make_functions_follow_rights(self):
		frappe.set_user(RESTRICTED)
		made = {(row["from_doctype"], row["to_doctype"]) for row in api.list_mappings()}
		self.assertIn(("Quotation", "Sales Order"), made)
		self.assertNotIn(("Purchase Order", "Purchase Invoice"), made)

	def test_every_make_function_exists(self):
		from steward.operations.mappings import MAKE_FUNCTIONS

		for make in MAKE_FUNCTIONS:
			self.assertTrue(callable(frappe.get_attr(make.method)), make.method)

	def test_finds_doctypes_by_loose_words(self):
		for words, doctype in (
			("sales invoices", "Sales Invoice"),
			("costumer", "Customer"),
			("to-do", "ToDo"),
			("purchase ordr", "Purchase Order"),
		):
			self.assertEqual(api.find_doctype(words)[0]["doctype"], doctype, words)

	def test_site_words_are_this_persons_and_versioned(self):
		everything = api.site_words()
		frappe.set_user(RESTRICTED)
		words = api.site_words()
		names = {row["doctype"] for row in words["doctypes"]}
		self.assertIn("Quotation", names)
		self.assertNotIn("Purchase Invoice", names)
		self.assertEqual(words["version"], api.site_words()["version"])
		self.assertNotEqual(words["version"], everything["version"])
