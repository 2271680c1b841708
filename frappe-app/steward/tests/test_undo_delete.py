from __future__ import annotations

import os
import uuid
from unittest.mock import patch

import frappe
from frappe.desk.doctype.tag.tag import add_tag
from frappe.desk.form.assign_to import add as assign
from frappe.utils import get_files_path

from steward.api import operations as api
from steward.operations import kept_files
from steward.tests.site import (
	APPROVER,
	CUSTOMER,
	ITEM,
	StewardTestCase,
	checksums,
	live_mode,
	operation,
	rows,
)


class TestUndoDelete(StewardTestCase):
	def setUp(self):
		super().setUp()
		self.request = f"request-{uuid.uuid4()}"
		self.tag = uuid.uuid4().hex[:8]

	def delete(self, doc) -> dict:
		modified = str(frappe.db.get_value(doc.doctype, doc.name, "modified"))
		return operation("delete", doc.doctype, name=doc.name, base_modified=modified)

	def undo(self, asked: dict) -> tuple[dict, dict]:
		ids = {asked["operation_id"]: str(uuid.uuid4())}
		preview = api.preview_undo(self.request, self.request + "-undo", ids)
		self.assertEqual(preview["status"], "previewed", preview)
		result = api.undo(self.request, self.request + "-undo", ids, preview["hash"])
		self.assertEqual(result["status"], "applied", result)
		return preview, result

	def remove(self, doctype: str, name: str) -> None:
		"""At once: the job that clears up after it would disturb the next test."""
		live_mode(False)
		frappe.delete_doc(doctype, name)
		live_mode(True)
		frappe.db.commit()

	def customer(self):
		"""With a contact of its own and all that people hang on a document."""
		doc = frappe.get_doc(
			{
				"doctype": "Customer",
				"customer_name": f"Leaving Customer {self.tag}",
				"mobile_no": "555 0100",
				"email_id": f"leaving-{self.tag}@example.com",
			}
		).insert()
		frappe.set_user(APPROVER)
		frappe.get_doc("Customer", doc.name).add_comment("Comment", "Pays late")
		frappe.set_user("Administrator")
		add_tag("important", doc.doctype, doc.name)
		# Told at once: a worker that mails the news later would look like a trace of a preview.
		live_mode(False)
		assign({"doctype": doc.doctype, "name": doc.name, "assign_to": [APPROVER], "description": "Call"})
		frappe.share.add(doc.doctype, doc.name, APPROVER, write=1)
		live_mode(True)
		self.attach(doc, "contract.txt", f"private {self.tag}", 1)
		self.attach(doc, "logo.txt", f"public {self.tag}", 0)
		frappe.db.commit()
		return frappe.get_doc(doc.doctype, doc.name)

	def attach(self, doc, file_name: str, content: str, is_private: int):
		return frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{self.tag}-{file_name}",
				"content": content,
				"is_private": is_private,
				"attached_to_doctype": doc.doctype,
				"attached_to_name": doc.name,
			}
		).insert()

	def hanging_on(self, doc) -> dict:
		"""All that hangs on a document, as ERPNext shows it."""
		refers = {"reference_doctype": doc.doctype, "reference_name": doc.name}
		files = frappe.get_all(
			"File",
			fields=["name", "file_name", "file_url", "is_private", "owner"],
			filters={"attached_to_doctype": doc.doctype, "attached_to_name": doc.name},
			order_by="file_url",
		)
		contents = [frappe.get_doc("File", file.name).get_content() for file in files]
		return {
			"files": list(zip(files, contents, strict=True)),
			"comments": frappe.get_all(
				"Comment",
				fields=["name", "comment_type", "content", "owner", "creation"],
				filters=refers,
				order_by="name",
			),
			"assignments": frappe.get_all(
				"ToDo",
				fields=["name", "allocated_to", "description", "status"],
				filters={"reference_type": doc.doctype, "reference_name": doc.name},
			),
			"shares": frappe.get_all(
				"DocShare",
				fields=["user", "read", "write"],
				filters={"share_doctype": doc.doctype, "share_name": doc.name},
			),
			"tags": frappe.get_all(
				"Tag Link", filters={"document_type": doc.doctype, "document_name": doc.name}, pluck="tag"
			),
			"row": frappe.db.get_value(doc.doctype, doc.name, ["_user_tags", "_assign", "owner", "creation"]),
		}

	def test_a_deleted_customer_comes_back_with_all_that_hung_on_it(self):
		doc = self.customer()
		before = self.hanging_on(doc)
		self.assertEqual(
			[len(before[key]) for key in ("files", "assignments", "shares", "tags")], [2, 1, 1, 1]
		)
		contact = doc.customer_primary_contact
		self.assertTrue(contact)
		asked = self.delete(doc)
		statement = self.preview(asked)["operations"][0]["undo"]["statement"]
		for words in (
			"attachments (2)",
			"comments (1)",
			"assignments (1)",
			"tags (1)",
			"shares (1)",
			contact,
		):
			self.assertIn(words, statement)
		self.applied(asked, request_id=self.request)
		gone = self.hanging_on(doc)
		self.assertEqual(
			[gone[key] for key in ("files", "comments", "assignments", "shares")], [[], [], [], []]
		)
		self.assertFalse(os.path.exists(get_files_path(f"{self.tag}-contract.txt", is_private=1)))
		self.assertFalse(frappe.db.exists("Contact", contact))

		preview, result = self.undo(asked)
		self.assertEqual((preview["conflicts"], result["conflicts"]), ([], []))
		self.assertEqual(self.hanging_on(doc), before)
		again = frappe.get_doc(doc.doctype, doc.name)
		self.assertEqual((again.customer_primary_contact, again.mobile_no), (contact, "555 0100"))
		self.assertTrue(frappe.db.exists("Contact", contact))
		self.assertEqual(
			frappe.db.count("Dynamic Link", {"link_doctype": "Customer", "link_name": doc.name}), 1
		)
		self.remove(doc.doctype, doc.name)

	def test_looking_at_a_deletion_and_at_its_undo_leaves_no_trace(self):
		doc = self.customer()
		asked = self.delete(doc)
		before = checksums()
		self.preview(asked)
		self.assertEqual(checksums(), before)
		self.applied(asked, request_id=self.request)
		before, files = checksums(), sorted(os.listdir(get_files_path(is_private=1)))
		api.preview_undo(self.request, "u", {asked["operation_id"]: str(uuid.uuid4())})
		self.assertEqual(checksums(), before)
		self.assertEqual(sorted(os.listdir(get_files_path(is_private=1))), files)

	def test_what_cannot_be_brought_back_is_said_before_and_after(self):
		doc = self.customer()
		asked = self.delete(doc)
		with patch.object(kept_files, "LARGEST", 10):
			operations = self.preview(asked)
			self.assertIn(
				f"Cannot be brought back: Attachment {self.tag}-contract.txt: too large to keep",
				operations["operations"][0]["undo"]["statement"],
			)
			small = self.apply(asked, hash=operations["hash"], request_id=self.request)
			self.assertEqual(small["status"], "applied")
		preview, result = self.undo(asked)
		for told in (preview["conflicts"], result["conflicts"]):
			reasons = " ".join(row["reason"] for row in told)
			self.assertIn("contract.txt", reasons)
			self.assertIn("logo.txt", reasons)
		self.assertEqual(self.hanging_on(doc)["files"], [])
		self.remove(doc.doctype, doc.name)

	def test_a_new_loss_asks_for_approval_again(self):
		doc = self.customer()
		asked = self.delete(doc)
		approved = self.preview(asked)["hash"]
		with patch.object(kept_files, "LARGEST", 10):
			result = self.apply(asked, hash=approved, request_id=self.request)
		self.assertEqual(result["status"], "changed", result)
		self.remove(doc.doctype, doc.name)

	def test_a_cancelled_document_comes_back_cancelled(self):
		order = frappe.get_doc(
			{
				"doctype": "Sales Order",
				"customer": CUSTOMER,
				"delivery_date": frappe.utils.add_days(frappe.utils.today(), 9),
				"items": rows(3),
			}
		).insert()
		order.submit()
		order.cancel()
		frappe.db.commit()
		before = frappe.get_doc("Sales Order", order.name).as_dict()
		asked = self.delete(order)
		self.assertIn("cancelled as it is", self.preview(asked)["operations"][0]["undo"]["statement"])
		self.applied(asked, request_id=self.request)
		preview, _result = self.undo(asked)
		self.assertEqual(preview["operations"][0]["docstatus_after"], 2)
		self.assertIsNone(preview["operations"][0]["replacement_name"])
		self.assertEqual(frappe.get_doc("Sales Order", order.name).as_dict(), before)
		following = frappe.get_doc(
			{
				"doctype": "Sales Order",
				"customer": CUSTOMER,
				"delivery_date": order.delivery_date,
				"items": rows(1),
			}
		).insert()
		self.assertNotEqual(following.name, order.name)
		following.delete()
		self.remove("Sales Order", order.name)

	def test_a_deleted_item_gets_its_prices_back(self):
		item = frappe.get_doc(
			{
				"doctype": "Item",
				"item_code": f"STEWARD-TEST-{self.tag}",
				"item_group": frappe.db.get_value("Item", ITEM, "item_group"),
				"stock_uom": "Nos",
				"is_stock_item": 0,
			}
		).insert()
		price = frappe.get_doc(
			{
				"doctype": "Item Price",
				"item_code": item.name,
				"price_list": "Standard Selling",
				"price_list_rate": 12.5,
			}
		).insert()
		frappe.db.commit()
		asked = self.delete(item)
		self.applied(asked, request_id=self.request)
		self.assertFalse(frappe.db.exists("Item Price", price.name))
		self.undo(asked)
		self.assertEqual(frappe.db.get_value("Item Price", price.name, "price_list_rate"), 12.5)
		self.remove("Item", item.name)

	def test_a_deleted_lead_gets_its_own_contact_back_and_no_second_one(self):
		lead = frappe.get_doc(
			{
				"doctype": "Lead",
				"first_name": f"Leaving {self.tag}",
				"email_id": f"lead-{self.tag}@example.com",
			}
		).insert()
		frappe.db.commit()
		refers = {"link_doctype": "Lead", "link_name": lead.name}
		contacts = frappe.get_all("Dynamic Link", filters=refers, pluck="parent")
		self.assertEqual(len(contacts), 1)
		asked = self.delete(lead)
		self.applied(asked, request_id=self.request)
		self.undo(asked)
		self.assertEqual(frappe.get_all("Dynamic Link", filters=refers, pluck="parent"), contacts)
		self.remove("Lead", lead.name)

	def test_a_month_later_attachments_are_kept_no_longer(self):
		doc = self.customer()
		asked = self.delete(doc)
		self.applied(asked, request_id=self.request)
		kept = {"operation": asked["operation_id"]}
		self.assertEqual(frappe.db.count("Steward Kept File", kept), 2)
		frappe.db.set_value("Steward Kept File", kept, "modified", "2001-01-01", update_modified=False)
		frappe.get_doc({"doctype": "Steward Kept File"}).clear_old_logs(30)
		frappe.db.commit()
		_preview, result = self.undo(asked)
		self.assertEqual(
			["its content is kept no longer" in row["reason"] for row in result["conflicts"]], [True, True]
		)
		self.remove(doc.doctype, doc.name)
