"""What a caller may send: a list of operations, checked before anything is touched."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _

ACTIONS = ("create", "update", "submit", "cancel", "delete", "amend")
MAX_OPERATIONS = 20
MAX_BYTES = 1_000_000
#: Actions that take values.
VALUED = ("create", "update", "amend")


@dataclass
class Operation:
	"""One proposed change; mirrors `OperationInput` of the site protocol."""

	operation_id: str
	action: str
	doctype: str
	name: str | dict | None = None
	base_modified: str | None = None
	values: dict[str, Any] = field(default_factory=dict)
	source: dict[str, Any] | None = None

	def as_asked(self) -> dict:
		asked = {
			"operation_id": self.operation_id,
			"action": self.action,
			"doctype": self.doctype,
			"name": self.name,
			"base_modified": self.base_modified,
			"values": self.values,
			"source": self.source,
		}
		return {key: value for key, value in asked.items() if value}


def parse_operations(operations: list | str) -> list[Operation]:
	"""The list as operations; raises a ValidationError that names the operation and the reason."""
	rows = frappe.parse_json(operations)
	if not isinstance(rows, list) or not rows:
		frappe.throw(_("At least one operation is needed."))
	if len(rows) > MAX_OPERATIONS:
		frappe.throw(_("A list holds at most {0} operations.").format(MAX_OPERATIONS))
	if len(json.dumps(rows, default=str)) > MAX_BYTES:
		frappe.throw(_("The list of operations is too large."))
	parsed = [parse_operation(row) for row in rows]
	check_ids(parsed)
	return parsed


def parse_operation(row: Any) -> Operation:
	if not isinstance(row, dict):
		frappe.throw(_("An operation must be an object."))
	operation = Operation(
		operation_id=check_id(row.get("operation_id")),
		action=str(row.get("action") or ""),
		doctype=str(row.get("doctype") or ""),
		name=row.get("name") or None,
		base_modified=row.get("base_modified") or None,
		values=row.get("values") or {},
		source=row.get("source") or None,
	)
	check_shape(operation)
	return operation


def check_shape(operation: Operation) -> None:
	if operation.action not in ACTIONS:
		frappe.throw(_("{0} is no action.").format(operation.action or _("Nothing")))
	if not frappe.db.exists("DocType", operation.doctype, cache=True):
		frappe.throw(_("There is no DocType {0}.").format(operation.doctype), frappe.DoesNotExistError)
	if not isinstance(operation.values, dict):
		frappe.throw(_("The values of an operation must be an object."))
	if operation.values and operation.action not in VALUED:
		frappe.throw(_("{0} takes no values.").format(operation.action))
	if operation.action == "create" and operation.name:
		frappe.throw(_("ERPNext names a new document itself; leave its name out."))
	if operation.action != "create" and not operation.name:
		frappe.throw(_("{0} needs the name of a document.").format(operation.action))
	if operation.name and not isinstance(operation.name, str) and not is_reference(operation.name):
		frappe.throw(_("A name must be text or a reference."))
	if operation.source is not None:
		check_source(operation)


def check_source(operation: Operation) -> None:
	source = operation.source
	if operation.action != "create" or not isinstance(source, dict):
		frappe.throw(_("Only a new document can be made from another one."))
	if not (source.get("method") and source.get("doctype") and source.get("name")):
		frappe.throw(_("A source needs a method, a doctype and a name."))


def check_id(operation_id: Any) -> str:
	if not isinstance(operation_id, str) or not 8 <= len(operation_id) <= 140:
		frappe.throw(_("An operation needs an id of 8 to 140 characters."))
	if not operation_id.replace("-", "").replace("_", "").isalnum() or not operation_id.isascii():
		frappe.throw(_("An operation id is made of letters, digits, - and _."))
	return operation_id


def check_ids(operations: list[Operation]) -> None:
	seen: set[str] = set()
	for operation in operations:
		if operation.operation_id in seen:
			frappe.throw(_("Two operations have the id {0}.").format(operation.operation_id))
		for reference in references_in([operation.name, operation.values, operation.source]):
			if reference not in seen:
				frappe.throw(_("{0} refers to no earlier operation.").format(operation.operation_id))
		seen.add(operation.operation_id)


def is_reference(value: Any) -> bool:
	return isinstance(value, dict) and set(value) == {"$ref"} and isinstance(value["$ref"], str)


def references_in(value: Any) -> list[str]:
	if is_reference(value):
		return [value["$ref"]]
	if isinstance(value, dict):
		value = list(value.values())
	if isinstance(value, list):
		return [reference for item in value for reference in references_in(item)]
	return []


def resolve(value: Any, names: dict[str, str]) -> Any:
	"""`value` with each `{"$ref": id}` replaced by the name the document of that operation got."""
	if is_reference(value):
		return names[value["$ref"]]
	if isinstance(value, dict):
		return {key: resolve(item, names) for key, item in value.items()}
	if isinstance(value, list):
		return [resolve(item, names) for item in value]
	return value
