from __future__ import annotations

import frappe

from steward.api import operations as api
from steward.tests.site import (
	APPROVER,
	CUSTOMER,
	ITEM,
	RESTRICTED,
	VIEWER,
	StewardTestCase,
	everyday_documents,
	in_threads,
	operation,
	reference,
	rows,
)


def quotation(quantity: float = 5) -> dict:
	return operation("create", "Quotation", values={"party_name": CUSTOMER, "items": rows(quantity)})


class TestApply(StewardTestCase):
	def test_twenty_at_once_make_one_document(self):
		asked = quotation()
		hash = self.preview(asked)["hash"]
		before = frappe.db.count("Quotation")
		results = in_threads([lambda: api.apply("race", [asked], hash)] * 20)
		frappe.db.rollback()
		self.assertEqual(frappe.db.count("Quotation"), before + 1)
		self.assertEqual({result["status"] for result in results}, {"applied"})
		self.assertEqual([result["repeated"] for result in results].count(False), 1)
		self.assertEqual(len({result["outcomes"][0]["name"] for result in results}), 1)

	def test_the_same_again_answers_the_stored_outcome(self):
		asked = quotation()
		hash = self.preview(asked)["hash"]
		first, second = self.apply(asked, hash=hash), self.apply(asked, hash=hash)
		self.assertEqual((first["repeated"], second["repeated"]), (False, True))
		self.assertEqual(first["outcomes"], second["outcomes"])

	def test_the_same_id_with_another_hash_or_person_conflicts(self):
		asked = quotation()
		hash = self.preview(asked)["hash"]
		self.apply(asked, hash=hash)
		self.assertEqual(self.apply(asked, hash="0" * 64)["status"], "conflict")
		frappe.set_user(APPROVER)
		self.assertEqual(self.apply(asked, hash=hash)["status"], "conflict")

	def test_a_changed_price_saves_nothing_and_shows_the_new_preview(self):
		asked = quotation()
		hash = self.preview(asked)["hash"]
		before = frappe.db.count("Quotation")
		price = frappe.get_doc("Item Price", {"item_code": ITEM, "price_list": "Standard Selling"})
		price.price_list_rate = 110
		price.save()
		frappe.db.commit()
		try:
			result = self.apply(asked, hash=hash)
		finally:
			price.reload()
			price.price_list_rate = 100
			price.save()
			frappe.db.commit()
		self.assertEqual(result["status"], "changed")
		totals = {
			total["fieldname"]: total["after"] for total in result["preview"]["operations"][0]["totals"]
		}
		self.assertEqual(totals["grand_total"], 550)
		self.assertEqual(frappe.db.count("Quotation"), before)
		self.assertFalse(frappe.db.exists("Steward Operation", asked["operation_id"]))
		self.assertEqual(self.apply(asked, hash=hash)["status"], "applied")

	def test_a_list_is_applied_whole_or_not_at_all(self):
		good, bad = (
			quotation(),
			operation("create", "Quotation", values={"party_name": "Nobody At All", "items": rows()}),
		)
		before = frappe.db.count("Quotation")
		self.assertRefused(self.apply(good, bad, hash="x"), "not_found", "Nobody At All")
		self.assertEqual(frappe.db.count("Quotation"), before)
		self.assertEqual(api.get([good["operation_id"]])["outcomes"][0]["state"], "unknown")

	def test_later_operations_refer_to_earlier_ones(self):
		invoice = operation("create", "Sales Invoice", values={"customer": CUSTOMER, "items": rows()})
		submit = operation("submit", "Sales Invoice", name=reference(invoice))
		created, submitted = self.applied(invoice, submit)
		self.assertEqual((created["name"], created["docstatus"]), (submitted["name"], 0))
		doc = frappe.get_doc("Sales Invoice", submitted["name"])
		self.assertEqual((doc.docstatus, doc.outstanding_amount), (1, 500))
		doc.cancel()
		frappe.db.commit()

	def test_erpnext_makes_one_document_from_another(self):
		invoice = operation("create", "Sales Invoice", values={"customer": CUSTOMER, "items": rows()})
		submit = operation("submit", "Sales Invoice", name=reference(invoice))
		payment = operation(
			"create",
			"Payment Entry",
			source={
				"method": "erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry",
				"doctype": "Sales Invoice",
				"name": reference(invoice),
			},
			values={"reference_no": "T-1", "reference_date": frappe.utils.today()},
		)
		preview = self.preview(invoice, submit, payment)
		self.assertEqual(preview["status"], "previewed", preview)
		totals = {total["fieldname"]: total["after"] for total in preview["operations"][2]["totals"]}
		self.assertEqual(totals["paid_amount"], 500)
		stranger = {**payment, "source": {**payment["source"], "method": "frappe.client.delete"}}
		self.assertRefused(self.preview(invoice, submit, stranger), "validation", "There is no way")

	def test_a_stale_document_is_refused(self):
		customer = frappe.get_doc("Customer", CUSTOMER)
		stale = str(frappe.utils.add_to_date(customer.modified, seconds=-5))
		change = operation(
			"update", "Customer", name=CUSTOMER, base_modified=stale, values={"website": "x.example"}
		)
		self.assertRefused(self.preview(change), "conflict", "was changed by")
		self.assertRefused(self.apply(change, hash="x"), "conflict", "was changed by")

	def test_a_kept_row_keeps_the_columns_not_mentioned(self):
		made = self.applied(
			operation("create", "Quotation", values={"party_name": CUSTOMER, "items": [*rows(5), *rows(2)]})
		)[0]
		doc = frappe.get_doc("Quotation", made["name"])
		change = operation(
			"update",
			"Quotation",
			name=doc.name,
			base_modified=str(doc.modified),
			values={"items": [{"name": doc.items[0].name, "qty": 9}]},
		)
		preview = self.preview(change)["operations"][0]
		self.assertEqual([row["change"] for row in preview["tables"][0]["rows"]], ["changed", "removed"])
		self.applied(change)
		doc.reload()
		self.assertEqual([(row.qty, row.rate) for row in doc.items], [(9, 100)])
		doc.delete()
		frappe.db.commit()


class TestReject(StewardTestCase):
	def test_a_rejected_id_is_never_applied(self):
		asked = quotation()
		hash = self.preview(asked)["hash"]
		self.assertEqual(api.reject("r", [asked], "no")["outcomes"][0]["state"], "rejected")
		self.assertEqual(self.apply(asked, hash=hash)["status"], "rejected")

	def test_an_applied_id_is_not_rejected_any_more(self):
		asked = quotation()
		self.applied(asked)
		self.assertEqual(api.reject("r", [asked], "too late")["outcomes"][0]["state"], "applied")

	def test_apply_and_reject_at_once_agree_on_one_answer(self):
		for _round in range(5):
			asked = quotation()
			hash = self.preview(asked)["hash"]
			before = frappe.db.count("Quotation")
			applied, rejected = in_threads(
				[lambda a=asked, h=hash: api.apply("r", [a], h), lambda a=asked: api.reject("r", [a], "race")]
			)
			frappe.db.rollback()
			state = rejected["outcomes"][0]["state"]
			self.assertEqual(applied["status"], state)
			self.assertEqual(frappe.db.count("Quotation") - before, int(state == "applied"))


class TestRights(StewardTestCase):
	def test_a_viewer_cannot_approve_reject_or_undo(self):
		asked = quotation()
		frappe.set_user(VIEWER)
		hash = self.preview(asked)["hash"]
		self.assertRefused(self.apply(asked, hash=hash), "permission", "Steward User")
		self.assertRaises(frappe.PermissionError, api.reject, "r", [asked], "no")
		self.assertFalse(frappe.db.exists("Steward Operation", asked["operation_id"]))

	def test_a_write_beyond_ones_rights_is_refused_in_erpnexts_words_before_approval(self):
		frappe.set_user(RESTRICTED)
		refused = self.preview(
			operation("create", "Sales Invoice", values={"customer": CUSTOMER, "items": rows()})
		)
		self.assertRefused(refused, "permission", "Sales Invoice")
		refused = self.preview(
			operation(
				"create", "Quotation", values={"party_name": "Steward Test Other Customer", "items": rows()}
			)
		)
		self.assertRefused(refused, "permission")

	def test_what_decides_about_the_site_is_never_touched(self):
		for doctype, values in (
			("User", {"email": "evil@example.com", "first_name": "x"}),
			("Role", {"role_name": "Evil"}),
			("Custom DocPerm", {"parent": "User", "role": "All"}),
			("Server Script", {"script_type": "API", "script": "1"}),
			("Property Setter", {"doc_type": "User"}),
			("Webhook", {"webhook_doctype": "User"}),
			("Steward Operation", {"operation_id": "x" * 12}),
			("System Settings", {"country": "x"}),
			("GL Entry", {"account": "x"}),
			("Sales Invoice Item", {"item_code": ITEM}),
		):
			with self.subTest(doctype):
				self.assertRefused(self.preview(operation("create", doctype, values=values)), "permission")

	def test_erpnext_decides_the_exact_reason_for_bad_values(self):
		self.assertRefused(
			self.preview(operation("create", "Customer", values={})), "mandatory", "Customer Name"
		)
		bad = operation(
			"create", "Quotation", values={"party_name": CUSTOMER, "items": rows(item="NO-SUCH-ITEM")}
		)
		self.assertRefused(self.preview(bad), "not_found", "NO-SUCH-ITEM")
		unknown = operation("create", "ToDo", values={"colour": "red"})
		self.assertRefused(self.preview(unknown), "validation", "colour")
		owner = operation("create", "ToDo", values={"description": "x", "owner": APPROVER})
		self.assertRefused(self.preview(owner), "validation", "owner")

	def test_operation_rows_cannot_be_written_even_by_the_administrator(self):
		asked = operation("create", "ToDo", values=everyday_documents()["ToDo"])
		self.applied(asked)
		row = frappe.get_doc("Steward Operation", asked["operation_id"])
		row.state = "rejected"
		self.assertRaises(frappe.PermissionError, row.save)
		self.assertRaises(frappe.PermissionError, row.db_set, "state", "rejected")
		self.assertRaises(frappe.PermissionError, row.delete)
		self.assertRaises(
			frappe.PermissionError, frappe.rename_doc, "Steward Operation", row.name, "other-name-1"
		)
		forged = frappe.get_doc(
			{"doctype": "Steward Operation", "operation_id": "forged-id-1", "state": "applied"}
		)
		self.assertRaises(frappe.PermissionError, forged.insert)

	def test_people_see_only_their_own_operations(self):
		asked = quotation()
		self.applied(asked)
		frappe.set_user(RESTRICTED)
		seen = api.get([asked["operation_id"]])["outcomes"][0]
		self.assertEqual((seen["state"], seen["name"], seen["person"]), ("applied", None, None))
		self.assertEqual(frappe.get_list("Steward Operation", filters={"name": asked["operation_id"]}), [])
