"""Values as Frappe stores them: comparing, copying and putting them on the wire."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from frappe.model.document import Document
from frappe.utils import cstr, flt, get_datetime, getdate

STAMPS = {"creation", "modified", "modified_by", "owner"}
ROW_LINKS = {"parent", "parenttype", "parentfield", "idx", "docstatus", "doctype", "name"}
NUMBERS = {"Currency", "Float", "Percent", "Rating"}
WHOLE = {"Int", "Check", "Long Int"}
TABLES = {"Table", "Table MultiSelect"}
#: Fields that hold no value of their own.
LAYOUT = {"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Fold", "Image"}
SECRET = {"Password"}


def plain_value(value: Any) -> Any:
	"""`value` as JSON has it; dates as ISO text, whole floats as integers."""
	if isinstance(value, bool):
		return int(value)
	if isinstance(value, Decimal):
		value = float(value)
	if isinstance(value, float):
		rounded = round(value, 9)
		return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded
	if isinstance(value, datetime.datetime | datetime.date | datetime.timedelta | datetime.time):
		return str(value)
	if value is None or isinstance(value, str | int):
		return value
	return cstr(value)


def same(one: Any, other: Any, fieldtype: str = "Data") -> bool:
	"""Whether two values of a field are the same to ERPNext: `None`, empty and 0 are, where the
	type has no difference."""
	if fieldtype in NUMBERS:
		return abs(flt(one) - flt(other)) < 1e-6
	if fieldtype in WHOLE:
		return int(flt(one)) == int(flt(other))
	if not one or not other:
		return not one and not other
	if fieldtype == "Date":
		return getdate(one) == getdate(other)
	if fieldtype == "Datetime":
		return get_datetime(one) == get_datetime(other)
	if fieldtype == "Time":
		return cstr(one).zfill(8)[:8] == cstr(other).zfill(8)[:8]
	return cstr(one).strip() == cstr(other).strip()


def image_of(doc: Document) -> dict[str, Any]:
	"""The whole document as plain JSON values, passwords left out."""
	image = {}
	for key, value in doc.as_dict(convert_dates_to_str=True).items():
		if isinstance(value, list):
			image[key] = [{name: plain_value(cell) for name, cell in row.items()} for row in value]
		else:
			image[key] = plain_value(value)
	for df in doc.meta.fields:
		if df.fieldtype in SECRET:
			image.pop(df.fieldname, None)
	return image
