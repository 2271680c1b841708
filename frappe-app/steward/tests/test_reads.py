"""What a run remembers of its reads is always what the database would say."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import frappe

from steward.guard import current, guarded, schema
from steward.guard.reads import Reads
from steward.guard.statements import kind_of
from steward.operations.commit import roll_back
from steward.tests.site import (
	CUSTOMER,
	OTHER_CUSTOMER,
	StewardTestCase,
	everyday_documents,
	operation,
	reference,
)

GROUP = "customer_group"


class TestStatements(StewardTestCase):
	def test_only_plain_selects_are_reads(self):
		for statement, kind in (
			("select name from `tabCustomer` where name = %s", "read"),
			("SELECT * FROM `tabItem` WHERE `name`=%(param1)s FOR UPDATE", "read"),
			("with x as (select 1) select coalesce(sum(qty), 0) from `tabBin`", "read"),
			("select now()", "look"),
			("select @@version", "look"),
			("select name from `tabItem` where creation < current_timestamp", "look"),
			("select name from `tabItem` limit 1 for update skip locked", "look"),
			("show tables", "look"),
			("savepoint here", "look"),
			("rollback to savepoint here", "change"),
			("select nextval(`item_id_seq`)", "change"),
			("select my_own_function(name) from `tabItem`", "change"),
			("select 1; delete from `tabItem`", "change"),
			("update tabItem set disabled = 1", "change"),
			("update `tabItem` i join `tabBin` b on b.item_code = i.name set i.disabled = 1", "change"),
			("delete i from `tabItem` i", "change"),
			("set @x = 1", "change"),
			("call something()", "change"),
		):
			with self.subTest(statement):
				self.assertEqual(kind_of(statement), (kind, None))

	def test_a_write_to_one_table_names_it(self):
		for statement in (
			"UPDATE `tabItem` SET `disabled`=%s WHERE `name`=%s",
			"insert ignore into `tabItem` (`name`) values (%s)",
			"insert into `tabItem` values (%s)",
			"replace into `tabItem` (name) values (1)",
			"DELETE FROM `tabItem` WHERE `name`=%s",
			"delete from `tabItem`",
		):
			with self.subTest(statement):
				self.assertEqual(kind_of(statement), ("write", "tabItem"))


class TestReads(StewardTestCase):
	def setUp(self):
		super().setUp()
		self.guarding = guarded("preview")
		self.guarding.__enter__()

	def tearDown(self):
		self.guarding.__exit__(None, None, None)
		roll_back()
		super().tearDown()

	def test_what_was_read_is_not_asked_again(self):
		for ask in self.questions():
			first, before = ask(), selects()
			self.assertEqual(ask(), first)
			self.assertEqual(selects() - before, 0)

	def test_a_locking_read_locks_once_and_is_a_question_of_its_own(self):
		locked = lambda: frappe.db.get_value("Customer", CUSTOMER, GROUP, for_update=True)  # noqa: E731
		group, before = customer_group(), selects()
		self.assertEqual((locked(), locked(), customer_group()), (group, group, group))
		self.assertEqual(selects() - before, 1)

	def test_the_run_sees_everything_that_it_writes_itself(self):
		other = frappe.get_all("Customer Group", filters={"is_group": 0}, pluck="name")[-1]
		for write in (
			lambda group: frappe.db.set_value("Customer", CUSTOMER, GROUP, group),
			lambda group: set_with("update `tabCustomer` set customer_group = %s where name = %s", group),
			lambda group: set_with("update tabCustomer set customer_group = %s where name = %s", group),
			lambda group: set_with(
				"update `tabCustomer` c left join `tabCustomer Group` g on c.customer_group = g.name "
				"set c.customer_group = %s where c.name = %s",
				group,
			),
			build_and_set,
			lambda group: frappe.get_doc("Customer", CUSTOMER).db_set(GROUP, group),
		):
			for group in (other, None, other, ""):
				asked = [ask() for ask in self.questions()]
				write("in between")
				write(group)
				self.assertEqual(customer_group(), group)
				self.assertNotEqual([ask() for ask in self.questions()], asked)

	def test_going_back_to_a_savepoint_takes_back_what_was_read_since(self):
		before = customer_group()
		frappe.db.savepoint("steward_test")
		frappe.db.set_value("Customer", CUSTOMER, GROUP, "elsewhere")
		self.assertEqual(customer_group(), "elsewhere")
		frappe.db.rollback(save_point="steward_test")
		self.assertEqual(customer_group(), before)

	def test_rows_made_and_deleted_come_and_go(self):
		count = lambda: frappe.db.count("ToDo", {"description": "steward-reads"})  # noqa: E731
		found = lambda: frappe.get_all("ToDo", {"description": "steward-reads"}, pluck="name")  # noqa: E731
		self.assertEqual((count(), found()), (0, []))
		made = frappe.get_doc({"doctype": "ToDo", "description": "steward-reads"}).insert()
		self.assertEqual((count(), found()), (1, [made.name]))
		made.delete()
		self.assertEqual((count(), found()), (0, []))

	def test_whoever_asks_may_change_the_rows(self):
		ask = lambda: frappe.get_all("Customer", ["name", GROUP], {"name": CUSTOMER})  # noqa: E731
		first = ask()
		first[0][GROUP] = "spoiled"
		first.append("spoiled")
		self.assertNotIn("spoiled", [*ask(), *ask()[0].values()])

	def test_a_number_a_text_and_a_date_are_different_questions(self):
		equal = lambda value: frappe.db.sql("select %s = '1.0'", (value,))[0][0]  # noqa: E731
		self.assertEqual([equal("1"), equal(1), equal(True), equal("1")], [0, 1, 1, 0])

	def questions(self) -> list[Callable]:
		return [
			customer_group,
			lambda: frappe.db.get_value("Customer", {"name": CUSTOMER}, ["name", GROUP], as_dict=True),
			lambda: frappe.db.get_values("Customer", [CUSTOMER, OTHER_CUSTOMER], [GROUP]),
			lambda: frappe.get_all("Customer", fields=["*"], filters={"name": CUSTOMER}),
			lambda: frappe.db.sql("select name, customer_group from tabCustomer where name = %s", CUSTOMER),
		]


class TestWhereTextDoesNotTell(StewardTestCase):
	def test_a_site_with_a_view_remembers_nothing(self):
		self.assertIsNotNone(self.reads())
		frappe.db.sql_ddl("create view steward_test_view as select name from tabCustomer")
		try:
			self.assertIsNone(self.reads())
		finally:
			frappe.db.sql_ddl("drop view steward_test_view")
		self.assertIsNotNone(self.reads())

	def test_nor_does_a_transaction_without_a_snapshot(self):
		frappe.db.sql("set session transaction isolation level read committed")
		try:
			self.assertIsNone(self.reads())
		finally:
			frappe.db.sql("set session transaction isolation level repeatable read")

	def reads(self) -> Reads | None:
		schema._known.clear()
		self.addCleanup(schema._known.clear)
		with guarded("preview") as guard:
			return guard.reads


class TestEverydayDocuments(StewardTestCase):
	def test_every_remembered_answer_is_the_one_of_the_database(self):
		asked = self.check_answers()
		receipt = life_of("Purchase Receipt", everyday_documents()["Purchase Receipt"])[:2]
		for doctype, values in everyday_documents().items():
			with self.subTest(doctype):
				asked.clear()
				before = receipt if doctype == "Delivery Note" else []
				result = self.preview(*before, *life_of(doctype, values))
				self.assertEqual(result["status"], "previewed", result)
				self.assertTrue(asked or doctype not in SELLING, "nothing was remembered")

	def check_answers(self) -> list[tuple]:
		"""Asks the database again for whatever is answered from memory, and compares."""
		remembering, asked = Reads.answer, []

		def checked(reads: Reads, key: tuple, ask: Callable):
			is_known = key in reads.answers
			rows = remembering(reads, key, ask)
			if is_known:
				asked.append(key)
				self.assertEqual(rows, without_guard(ask), key)
			return rows

		patcher = patch.object(Reads, "answer", checked)
		patcher.start()
		self.addCleanup(patcher.stop)
		return asked


SELLING = {"Quotation", "Sales Order", "Sales Invoice", "Purchase Invoice", "Delivery Note"}


def life_of(doctype: str, values: dict) -> list[dict]:
	"""As much of a document's life as its doctype has."""
	made = operation("create", doctype, values=values)
	if not frappe.get_meta(doctype).is_submittable:
		return [made, operation("delete", doctype, name=reference(made))]
	submitted = operation("submit", doctype, name=reference(made))
	cancelled = operation("cancel", doctype, name=reference(made))
	return [made, submitted, cancelled]


def without_guard(ask: Callable):
	guard, frappe.local.steward_guard = current(), None
	try:
		return ask()
	finally:
		frappe.local.steward_guard = guard


def customer_group() -> str:
	return frappe.db.get_value("Customer", CUSTOMER, GROUP)


def set_with(statement: str, group: str | None) -> None:
	frappe.db.sql(statement, (group, CUSTOMER))


def build_and_set(group: str | None) -> None:
	customer = frappe.qb.DocType("Customer")
	frappe.qb.update(customer).set(GROUP, group).where(customer.name == CUSTOMER).run()


def selects() -> int:
	"""How many SELECT statements this connection has run."""
	return int(frappe.db.sql("show session status like 'Com_select'")[0][1])
