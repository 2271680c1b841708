"""Calls of the whole application, as a web server makes them, in a thread of their own."""

from __future__ import annotations

import json
import re
import threading
from typing import Any

import frappe
from werkzeug.test import Client


class Caller:
	"""A browser or a program: keeps cookies, sends what headers it is given."""

	def __init__(self, **headers: str):
		from frappe.app import application

		self.client = Client(application)
		self.headers = {"X-Frappe-Site-Name": frappe.local.site, "Accept": "application/json", **headers}

	def call(self, method: str, **arguments: Any) -> tuple[int, Any]:
		"""Status and `message` (or the whole body when there is none)."""
		response = self.request(
			"POST", f"/api/method/{method}", data=json.dumps(arguments), content_type="application/json"
		)
		body = response.json if response.is_json else {}
		return response.status_code, (body or {}).get("message", body)

	def request(self, verb: str, path: str, **options: Any):
		answer: list = []

		def work() -> None:
			response = self.client.open(path, method=verb, headers=self.headers, **options)
			response.get_data()
			answer.append(response)

		thread = threading.Thread(target=work)
		thread.start()
		thread.join()
		return answer[0]

	def log_in(self, user: str, password: str) -> None:
		status, _message = self.call("login", usr=user, pwd=password)
		assert status == 200, status

	def take_csrf_token(self) -> None:
		"""As a page of ERPNext gets it in its boot."""
		page = self.request("GET", "/app", follow_redirects=True).get_data(as_text=True)
		token = re.search(r'csrf_token\s*=\s*"([^"]+)"', page)
		assert token, "Desk's page has no CSRF token"
		self.headers["X-Frappe-CSRF-Token"] = token[1]
