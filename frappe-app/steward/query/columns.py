"""Fields of a query, own, of a child table or across one link, checked against the person's rights."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _

from steward.operations.reading import Reader
from steward.operations.values import LAYOUT, SECRET, TABLES

#: What every document has beside its own fields.
STANDARD = {
	"name": ("ID", "Data"),
	"owner": ("Owner", "Data"),
	"creation": ("Created On", "Datetime"),
	"modified": ("Last Updated On", "Datetime"),
	"modified_by": ("Last Updated By", "Data"),
	"docstatus": ("Document Status", "Int"),
}
#: SQL of a date bucket for MariaDB.
BUCKETS = {
	"day": "date({column})",
	"week": "date_format({column}, '%%x-W%%v')",
	"month": "date_format({column}, '%%Y-%%m')",
	"quarter": "concat(year({column}), '-Q', quarter({column}))",
	"year": "year({column})",
}


@dataclass(frozen=True)
class Column:
	"""One field, where it lives, and how it is read in SQL."""

	doctype: str
	fieldname: str
	label: str
	fieldtype: str
	options: str | None
	#: Field of the main doctype that leads to it: a child table or a link; None for an own field.
	via: str | None = None
	is_child: bool = False
	bucket: str | None = None

	@property
	def alias(self) -> str:
		return f"`{self.via}`" if self.via else "`main`"

	@property
	def sql(self) -> str:
		column = f"{self.alias}.`{self.fieldname}`"
		return BUCKETS[self.bucket].format(column=column) if self.bucket else column


class Columns:
	def __init__(self, doctype: str):
		self.doctype = doctype
		self.reader = Reader(doctype)

	def parse(self, text: str) -> Column:
		"""`field`, `child_table.field` or `link.field`, with `:bucket` for a date."""
		path, _colon, bucket = str(text).partition(":")
		column = self.resolve(path)
		if not bucket:
			return column
		if bucket not in BUCKETS or column.fieldtype not in ("Date", "Datetime"):
			frappe.throw(_("{0} cannot be grouped by {1}.").format(path, bucket))
		return Column(
			**{**column.__dict__, "bucket": bucket, "fieldtype": "Date" if bucket == "day" else "Data"}
		)

	def resolve(self, path: str) -> Column:
		first, dot, second = path.partition(".")
		if not dot:
			return own_column(self.reader, self.doctype, first)
		df = readable_field(self.reader.fields(), self.doctype, first)
		if df.fieldtype in TABLES:
			child = readable_field(self.reader.child_fields(df.options), df.options, second)
			return column_of(df.options, child, via=first, is_child=True)
		if df.fieldtype != "Link":
			frappe.throw(_("{0} leads to no other document.").format(first))
		if not frappe.has_permission(df.options, "read"):
			frappe.throw(
				_("You have no permission to read {0}.").format(_(df.options)), frappe.PermissionError
			)
		linked = own_column(Reader(df.options), df.options, second)
		return Column(**{**linked.__dict__, "via": first})


def own_column(reader: Reader, doctype: str, fieldname: str) -> Column:
	if fieldname in STANDARD:
		label, fieldtype = STANDARD[fieldname]
		return Column(doctype, fieldname, _(label), fieldtype, None)
	df = readable_field(reader.fields(), doctype, fieldname)
	if df.fieldtype in TABLES:
		frappe.throw(_("{0} is a table; name one of its fields.").format(fieldname))
	return column_of(doctype, df)


def readable_field(fields: list, doctype: str, fieldname: str):
	for df in fields:
		if (
			df.fieldname == fieldname
			and df.fieldtype not in LAYOUT | SECRET
			and not getattr(df, "is_virtual", 0)
		):
			return df
	frappe.throw(
		_("{0} has no field {1} that you may read.").format(_(doctype), fieldname), frappe.PermissionError
	)


def column_of(doctype: str, df, via: str | None = None, is_child: bool = False) -> Column:
	options = df.options if df.fieldtype in ("Link", "Currency", "Select") else None
	label = _(df.label or df.fieldname, context=df.parent)
	return Column(doctype, df.fieldname, label, df.fieldtype, options, via, is_child)
