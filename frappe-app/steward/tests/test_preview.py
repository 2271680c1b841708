from __future__ import annotations

import copy
import os

import frappe
from frappe.utils.background_jobs import get_queues

from steward.tests.site import (
	APPROVER,
	CUSTOMER,
	ITEM,
	VIEWER,
	StewardTestCase,
	checksums,
	everyday_documents,
	operation,
	reference,
	rows,
)


class TestPreview(StewardTestCase):
	def test_previews_of_everyday_documents_leave_every_table_as_it_was(self):
		before = checksums()
		for doctype, values in everyday_documents().items():
			result = self.preview(operation("create", doctype, values=values))
			self.assertEqual(result["status"], "previewed", (doctype, result))
		frappe.db.rollback()
		self.assertEqual(differences(before, checksums()), [])

	def test_previews_of_submitting_and_cancelling_leave_no_ledger(self):
		invoice = operation("create", "Sales Invoice", values={"customer": CUSTOMER, "items": rows()})
		submit = operation("submit", "Sales Invoice", name=reference(invoice))
		cancel = operation("cancel", "Sales Invoice", name=reference(invoice))
		before = checksums()
		result = self.preview(invoice, submit, cancel)
		frappe.db.rollback()
		self.assertEqual(result["status"], "previewed", result)
		self.assertEqual(differences(before, checksums()), [])
		submitted = result["operations"][1]
		self.assertEqual(sum(row["debit"] for row in submitted["ledger"]), 500)
		self.assertEqual(sum(row["credit"] for row in submitted["ledger"]), 500)
		self.assertEqual(submitted["docstatus_after"], 1)

	def test_previews_of_deleting_leave_no_trace_not_even_of_search(self):
		frappe.get_doc({"doctype": "ToDo", "description": "to stay"}).insert()
		todo = frappe.get_last_doc("ToDo")
		frappe.db.commit()
		before = checksums()
		result = self.preview(operation("delete", "ToDo", name=todo.name))
		frappe.db.rollback()
		self.assertEqual(result["status"], "previewed", result)
		self.assertEqual(differences(before, checksums()), [])
		self.assertTrue(frappe.db.exists("ToDo", todo.name))
		todo.delete()
		frappe.db.commit()

	def test_no_job_mail_or_lock_file_remains(self):
		jobs, mails = queued_jobs(), frappe.db.count("Email Queue")
		self.preview(
			operation("create", "ToDo", values={"description": "assigned", "allocated_to": APPROVER})
		)
		self.preview(operation("create", "Quotation", values=everyday_documents()["Quotation"]))
		self.assertEqual(queued_jobs() - jobs, set())
		self.assertEqual(frappe.db.count("Email Queue"), mails)
		self.assertEqual(lock_files(), [])

	def test_the_shared_cache_never_holds_a_previewed_value(self):
		frappe.db.set_value("Customer", CUSTOMER, "website", None)
		frappe.db.commit()
		frappe.clear_document_cache("Customer", CUSTOMER)
		customer = frappe.get_doc("Customer", CUSTOMER)
		change = operation(
			"update",
			"Customer",
			name=CUSTOMER,
			base_modified=str(customer.modified),
			values={"website": "preview.example"},
		)
		order = operation("create", "Quotation", values=everyday_documents()["Quotation"])
		self.assertEqual(self.preview(change, order)["status"], "previewed")
		frappe.local.cache = {}
		self.assertFalse(frappe.get_cached_value("Customer", CUSTOMER, "website"))

	def test_says_who_set_each_value(self):
		asked = {"party_name": CUSTOMER, "items": [{"item_code": ITEM, "qty": 5, "rate": 90}]}
		preview = self.preview(operation("create", "Quotation", values=asked))["operations"][0]
		fields = {field["fieldname"]: field for field in preview["fields"]}
		self.assertEqual(fields["party_name"]["set_by"], "person")
		self.assertEqual(fields["company"]["set_by"], "site")
		cells = preview["tables"][0]["rows"][0]["cells"]
		self.assertEqual((cells["rate"]["set_by"], cells["rate"]["after"]), ("person", 90))
		self.assertEqual(
			(cells["price_list_rate"]["set_by"], cells["price_list_rate"]["after"]), ("site", 100)
		)
		totals = {total["fieldname"]: total["after"] for total in preview["totals"]}
		self.assertEqual(totals["grand_total"], 450)

	def test_a_value_erpnext_replaces_is_marked(self):
		asked = {"party_name": CUSTOMER, "items": [{"item_code": ITEM, "qty": 5, "amount": 7}]}
		preview = self.preview(operation("create", "Quotation", values=asked))["operations"][0]
		amount = preview["tables"][0]["rows"][0]["cells"]["amount"]
		self.assertEqual((amount["asked"], amount["after"], amount["set_by"]), (7, 500, "site_changed"))

	def test_a_viewer_may_look(self):
		frappe.set_user(VIEWER)
		result = self.preview(operation("create", "Quotation", values=everyday_documents()["Quotation"]))
		self.assertEqual(result["status"], "previewed", result)


class TestHash(StewardTestCase):
	def test_the_hash_stays_when_another_document_is_created_in_between(self):
		for doctype, values in everyday_documents().items():
			with self.subTest(doctype):
				asked = operation("create", doctype, values=values)
				first = self.preview(asked)
				between = self.another(doctype, values)
				second = self.preview(asked)
				self.assertEqual(first.get("hash"), second.get("hash"), doctype)
				self.assertIsNotNone(first.get("hash"))
				between.delete(force=True)
				frappe.db.commit()

	def another(self, doctype: str, values: dict):
		doc = frappe.get_doc({"doctype": doctype, **copy.deepcopy(values)})
		for field in ("customer_name", "supplier_name", "item_code", "project_name", "address_title"):
			if doc.get(field):
				doc.set(field, f"{doc.get(field)} 2")
		doc.insert()
		frappe.db.commit()
		return doc

	def test_the_hash_of_a_submitted_invoice_stays_too(self):
		invoice = operation("create", "Sales Invoice", values={"customer": CUSTOMER, "items": rows()})
		submit = operation("submit", "Sales Invoice", name=reference(invoice))
		first = self.preview(invoice, submit)
		between = self.another("Sales Invoice", {"customer": CUSTOMER, "items": rows()})
		second = self.preview(invoice, submit)
		self.assertEqual(first["hash"], second["hash"])
		between.delete(force=True)
		frappe.db.commit()

	def test_the_hash_changes_with_person_value_and_id(self):
		asked = operation("create", "Quotation", values=everyday_documents()["Quotation"])
		first = self.preview(asked)["hash"]
		more = {**asked, "values": {"party_name": CUSTOMER, "items": rows(6)}}
		self.assertNotEqual(self.preview(more)["hash"], first)
		other_id = {**asked, "operation_id": asked["operation_id"][:-1] + "z"}
		self.assertNotEqual(self.preview(other_id)["hash"], first)
		frappe.set_user(APPROVER)
		self.assertNotEqual(self.preview(asked)["hash"], first)


def differences(before: dict, after: dict) -> list[str]:
	return sorted(table for table in before if before[table] != after.get(table))


def queued_jobs() -> set[str]:
	return {job for queue in get_queues() for job in queue.job_ids}


def lock_files() -> list[str]:
	folder = frappe.get_site_path("locks")
	return [name for name in os.listdir(folder) if name.endswith(".lock")] if os.path.isdir(folder) else []
