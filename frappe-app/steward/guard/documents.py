"""Which documents the run writes, and bytes on disk that no rollback brings back."""

from __future__ import annotations

import frappe
from frappe.core.doctype.file.file import File
from frappe.model.base_document import BaseDocument
from frappe.utils import file_lock

from steward.guard.install import wrap
from steward.guard.state import current

#: Written to MyISAM tables; a preview must not.
LOGS = {"Error Log", "Data Import Log"}


def install() -> None:
	wrap(BaseDocument, "db_insert", db_insert)
	wrap(BaseDocument, "db_update", db_update)
	wrap(File, "delete_file_data_content", delete_file_data_content)
	wrap(file_lock, "create_lock", create_lock)


def db_insert(original, self, *args, **kwargs):
	guard = current()
	if guard is None:
		return original(self, *args, **kwargs)
	if guard.mode == "preview" and self.doctype in LOGS:
		return None
	result = original(self, *args, **kwargs)
	if self.doctype == "Deleted Document":
		guard.deleted.append((self.deleted_doctype, str(self.deleted_name)))
	elif self.doctype == "Email Queue":
		recipients = ", ".join(row.recipient for row in self.get("recipients") or [] if row.recipient)
		guard.deferred.append(
			("mail", frappe._("Mail to {0}").format(recipients or frappe._("its recipients")))
		)
	guard.inserted.append((self.doctype, str(self.name)))
	return result


def db_update(original, self, *args, **kwargs):
	guard = current()
	if guard is not None and not self.get("__islocal"):
		guard.updated.append((self.doctype, str(self.name)))
	return original(self, *args, **kwargs)


def delete_file_data_content(original, self, *args, **kwargs):
	guard = current()
	if guard is None:
		return original(self, *args, **kwargs)
	if guard.mode == "apply":
		guard.after_commit.append(lambda: original(self, *args, **kwargs))
	return None


def create_lock(original, name, *args, **kwargs):
	guard = current()
	if guard is None:
		return original(name, *args, **kwargs)
	raise guard.refuse(
		"background_job",
		frappe._(
			"This action locks its document and goes on in the background, so it cannot be shown whole."
		),
	)
