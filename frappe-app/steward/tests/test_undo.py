from __future__ import annotations

import uuid

import frappe

from steward.api import operations as api
from steward.tests.site import CUSTOMER, VIEWER, StewardTestCase, in_threads, operation, reference, rows


class TestUndo(StewardTestCase):
	def setUp(self):
		super().setUp()
		frappe.db.set_value("Customer", CUSTOMER, {"website": "before.example", "customer_details": "before"})
		frappe.db.commit()
		self.request = f"request-{uuid.uuid4()}"

	def undo_ids(self, *asked: dict) -> dict[str, str]:
		return {row["operation_id"]: str(uuid.uuid4()) for row in asked}

	def undo(self, ids: dict[str, str]) -> tuple[dict, dict]:
		preview = api.preview_undo(self.request, self.request + "-undo", ids)
		self.assertEqual(preview["status"], "previewed", preview)
		return preview, api.undo(self.request, self.request + "-undo", ids, preview["hash"])

	def change_customer(self) -> dict:
		modified = str(frappe.db.get_value("Customer", CUSTOMER, "modified"))
		values = {"website": "after.example", "customer_details": "after"}
		return operation("update", "Customer", name=CUSTOMER, base_modified=modified, values=values)

	def apply_four(self) -> tuple[list[dict], list[dict], str]:
		todo = frappe.get_doc({"doctype": "ToDo", "description": "comes back", "priority": "High"}).insert()
		frappe.db.commit()
		draft = operation("create", "Quotation", values={"party_name": CUSTOMER, "items": rows()})
		invoice = operation("create", "Sales Invoice", values={"customer": CUSTOMER, "items": rows()})
		submit = operation("submit", "Sales Invoice", name=reference(invoice))
		delete = operation("delete", "ToDo", name=todo.name, base_modified=str(todo.modified))
		asked = [draft, invoice, submit, self.change_customer(), delete]
		return asked, self.applied(*asked, request_id=self.request), todo.name

	def test_a_request_of_four_kinds_is_undone(self):
		asked, outcomes, todo = self.apply_four()
		self.assertFalse(frappe.db.exists("ToDo", todo))
		self.assertEqual(frappe.db.get_value("Customer", CUSTOMER, "website"), "after.example")
		preview, result = self.undo(self.undo_ids(*asked))
		self.assertEqual(
			[row["undoes"] for row in preview["operations"]],
			[asked[index]["operation_id"] for index in (4, 3, 2, 0)],
			"newest first; the cancelled invoice itself stays",
		)
		self.assertEqual([row["operation_id"] for row in preview["conflicts"]], [asked[1]["operation_id"]])
		self.assertEqual(result["status"], "applied", result)
		self.assertFalse(frappe.db.exists("Quotation", outcomes[0]["name"]))
		self.assertEqual(frappe.db.get_value("Sales Invoice", outcomes[1]["name"], "docstatus"), 2)
		self.assertEqual(
			frappe.db.get_value("Customer", CUSTOMER, ["website", "customer_details"]),
			("before.example", "before"),
		)
		self.assertEqual(
			frappe.db.get_value("ToDo", todo, ["description", "priority"]), ("comes back", "High")
		)

	def test_a_later_edit_is_reported_and_the_rest_restored(self):
		change = self.change_customer()
		self.applied(change, request_id=self.request)
		frappe.get_doc("Customer", CUSTOMER).update({"customer_details": "somebody else's"}).save()
		frappe.db.commit()
		preview, result = self.undo(self.undo_ids(change))
		conflict = preview["conflicts"][0]
		self.assertEqual(
			(conflict["fieldname"], conflict["before"], conflict["applied"], conflict["current"]),
			("customer_details", "before", "after", "somebody else's"),
		)
		self.assertEqual(result["status"], "applied")
		self.assertEqual(
			frappe.db.get_value("Customer", CUSTOMER, ["website", "customer_details"]),
			("before.example", "somebody else's"),
		)

	def test_a_draft_somebody_went_on_with_is_not_deleted(self):
		draft = operation("create", "Quotation", values={"party_name": CUSTOMER, "items": rows()})
		name = self.applied(draft, request_id=self.request)[0]["name"]
		doc = frappe.get_doc("Quotation", name)
		doc.items[0].qty = 50
		doc.save()
		frappe.db.commit()
		preview = api.preview_undo(self.request, "u", self.undo_ids(draft))
		self.assertEqual(preview["status"], "nothing_to_undo")
		self.assertIn("changed since", preview["conflicts"][-1]["reason"])
		self.assertTrue(frappe.db.exists("Quotation", name))

	def test_undone_exactly_once(self):
		draft = operation("create", "Quotation", values={"party_name": CUSTOMER, "items": rows()})
		self.applied(draft, request_id=self.request)
		ids = self.undo_ids(draft)
		preview, first = self.undo(ids)
		again = api.undo(self.request, self.request + "-undo", ids, preview["hash"])
		self.assertEqual((first["repeated"], again["repeated"]), (False, True))
		other = api.preview_undo(self.request, "other", self.undo_ids(draft))
		self.assertEqual(other["status"], "nothing_to_undo")
		outcome = api.get([draft["operation_id"]])["outcomes"][0]
		self.assertEqual(outcome["undone_by"], ids[draft["operation_id"]])

	def test_six_undos_at_once_undo_once(self):
		invoice = operation("create", "Sales Invoice", values={"customer": CUSTOMER, "items": rows()})
		submit = operation("submit", "Sales Invoice", name=reference(invoice))
		draft = operation("create", "Quotation", values={"party_name": CUSTOMER, "items": rows()})
		self.applied(invoice, submit, draft, request_id=self.request)
		ids = self.undo_ids(invoice, submit, draft)
		hash = api.preview_undo(self.request, "u", ids)["hash"]
		results = in_threads([lambda: api.undo(self.request, "u", ids, hash)] * 6)
		self.assertEqual([result["status"] for result in results], ["applied"] * 6)
		self.assertEqual([result["repeated"] for result in results].count(False), 1)

	def test_an_undo_that_would_do_something_else_by_now_is_shown_again(self):
		change = self.change_customer()
		self.applied(change, request_id=self.request)
		ids = self.undo_ids(change)
		preview = api.preview_undo(self.request, "u", ids)
		frappe.get_doc("Customer", CUSTOMER).update({"customer_details": "later"}).save()
		frappe.db.commit()
		result = api.undo(self.request, "u", ids, preview["hash"])
		self.assertEqual(result["status"], "changed")
		self.assertEqual(frappe.db.get_value("Customer", CUSTOMER, "website"), "after.example")

	def test_what_erpnext_refuses_is_listed_with_its_reason_before_anything_is_done(self):
		order = operation(
			"create",
			"Sales Order",
			values={
				"customer": CUSTOMER,
				"delivery_date": frappe.utils.add_days(frappe.utils.today(), 7),
				"items": rows(),
			},
		)
		submit = operation("submit", "Sales Order", name=reference(order))
		name = self.applied(order, submit, request_id=self.request)[1]["name"]
		from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice

		invoice = make_sales_invoice(name).insert()
		invoice.submit()
		frappe.db.commit()
		preview = api.preview_undo(self.request, "u", self.undo_ids(order, submit))
		self.assertEqual(preview["status"], "nothing_to_undo", preview)
		self.assertIn(invoice.name, " ".join(row["reason"] for row in preview["conflicts"]))
		invoice.reload()
		invoice.cancel()
		frappe.get_doc("Sales Order", name).cancel()
		frappe.db.commit()

	def test_a_cancelled_document_comes_back_as_an_amended_draft(self):
		invoice = frappe.get_doc({"doctype": "Sales Invoice", "customer": CUSTOMER, "items": rows()}).insert()
		invoice.submit()
		frappe.db.commit()
		cancel = operation("cancel", "Sales Invoice", name=invoice.name, base_modified=str(invoice.modified))
		self.applied(cancel, request_id=self.request)
		preview, result = self.undo(self.undo_ids(cancel))
		self.assertEqual(preview["operations"][0]["replacement_name"], f"{invoice.name}-1")
		amended = frappe.get_doc("Sales Invoice", result["outcomes"][0]["name"])
		self.assertEqual((amended.docstatus, amended.amended_from), (0, invoice.name))
		amended.delete()
		frappe.db.commit()

	def test_changed_rows_are_put_back_by_their_names(self):
		doc = frappe.get_doc(
			{"doctype": "Quotation", "party_name": CUSTOMER, "items": [*rows(5), *rows(2)]}
		).insert()
		frappe.db.commit()
		change = operation(
			"update",
			"Quotation",
			name=doc.name,
			base_modified=str(doc.modified),
			values={
				"items": [
					{"name": doc.items[0].name, "qty": 7},
					{"item_code": doc.items[0].item_code, "qty": 1},
				]
			},
		)
		self.applied(change, request_id=self.request)
		self.undo(self.undo_ids(change))
		doc.reload()
		self.assertEqual([(row.qty, row.rate) for row in doc.items], [(5, 100), (2, 100)])
		doc.delete()
		frappe.db.commit()

	def test_only_the_approver_may_undo(self):
		change = self.change_customer()
		self.applied(change, request_id=self.request)
		frappe.set_user(VIEWER)
		self.assertRaises(frappe.PermissionError, api.preview_undo, self.request, "u", self.undo_ids(change))
		result = api.undo(self.request, "u", self.undo_ids(change), "x")
		self.assertRefused(result, "permission")
