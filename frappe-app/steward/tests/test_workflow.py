from __future__ import annotations

import frappe

from steward.tests.site import APPROVER, CUSTOMER, RESTRICTED, StewardTestCase, operation, rows

WORKFLOW, STATE_FIELD = "Steward Test Workflow", "workflow_state"
STATES = (("Steward Test Draft", 0), ("Steward Test Approved", 1), ("Steward Test Withdrawn", 2))
APPROVE, WITHDRAW = "Steward Test Approve", "Steward Test Withdraw"


class TestWorkflow(StewardTestCase):
	def setUp(self):
		super().setUp()
		for state, _docstatus in STATES:
			self.ensure("Workflow State", workflow_state_name=state)
		for action in (APPROVE, WITHDRAW):
			self.ensure("Workflow Action Master", workflow_action_name=action)
		names = [state for state, _docstatus in STATES]
		transitions = [(names[0], APPROVE, names[1]), (names[1], WITHDRAW, names[2])]
		frappe.get_doc(
			{
				"doctype": "Workflow",
				"workflow_name": WORKFLOW,
				"document_type": "Quotation",
				"is_active": 1,
				"workflow_state_field": STATE_FIELD,
				"states": [
					{"state": state, "doc_status": str(docstatus), "allow_edit": "Sales User"}
					for state, docstatus in STATES
				],
				"transitions": [
					{
						"state": state,
						"action": action,
						"next_state": following,
						"allowed": "Sales Manager",
						"allow_self_approval": 1,
					}
					for state, action, following in transitions
				],
			}
		).insert()
		frappe.db.commit()

	def tearDown(self):
		super().tearDown()
		frappe.delete_doc("Workflow", WORKFLOW)
		frappe.db.commit()
		frappe.clear_cache(doctype="Quotation")

	def ensure(self, doctype: str, **values) -> None:
		if not frappe.db.exists(doctype, next(iter(values.values()))):
			frappe.get_doc({"doctype": doctype, **values}).insert()

	def quotation(self):
		doc = frappe.get_doc({"doctype": "Quotation", "party_name": CUSTOMER, "items": rows()}).insert()
		frappe.db.commit()
		return doc

	def asked(self, action: str, doc) -> dict:
		modified = str(frappe.db.get_value("Quotation", doc.name, "modified"))
		return operation(action, "Quotation", name=doc.name, base_modified=modified)

	def test_submitting_takes_the_action_of_the_workflow(self):
		doc = self.quotation()
		frappe.set_user(APPROVER)
		preview = self.preview(self.asked("submit", doc))
		self.assertEqual(preview["status"], "previewed", preview)
		changed = {row["fieldname"]: row["after"] for row in preview["operations"][0]["fields"]}
		self.assertEqual(changed.get(STATE_FIELD), "Steward Test Approved", changed)
		self.applied(self.asked("submit", doc))
		doc.reload()
		self.assertEqual((doc.docstatus, doc.get(STATE_FIELD)), (1, "Steward Test Approved"))
		self.applied(self.asked("cancel", doc))
		doc.reload()
		self.assertEqual((doc.docstatus, doc.get(STATE_FIELD)), (2, "Steward Test Withdrawn"))

	def test_who_may_not_take_it_is_told_what_it_takes(self):
		doc = self.quotation()
		frappe.set_user(RESTRICTED)
		result = self.preview(self.asked("submit", doc))
		self.assertRefused(result, "validation", "Steward Test Approve (Sales Manager)")
		self.assertIn("Steward Test Draft", result["refusal"]["message"])
		frappe.set_user("Administrator")
		self.assertEqual(frappe.db.get_value("Quotation", doc.name, "docstatus"), 0)
		frappe.delete_doc("Quotation", doc.name)
		frappe.db.commit()

	def test_nobody_approves_his_own_where_the_workflow_forbids_it(self):
		workflow = frappe.get_doc("Workflow", WORKFLOW)
		workflow.transitions[0].allow_self_approval = 0
		workflow.save()
		frappe.db.commit()
		frappe.set_user(APPROVER)
		doc = self.quotation()
		result = self.preview(self.asked("submit", doc))
		self.assertRefused(result, "validation", "own document")
		frappe.set_user("Administrator")
		frappe.delete_doc("Quotation", doc.name)
		frappe.db.commit()
