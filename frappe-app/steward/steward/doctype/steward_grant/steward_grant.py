from __future__ import annotations

from frappe.model.document import Document

from steward.sessions.grants import revoke_token


class StewardGrant(Document):
	"""Binds a bearer token of Steward's own OAuth client to the session or consent it came from."""

	def on_trash(self) -> None:
		revoke_token(self.token)
