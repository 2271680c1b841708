"""The OAuth client through which pages and stand-alone browsers get access as a person."""

from __future__ import annotations

import frappe

CALLBACK = "/v1/oauth/callback"
#: A client needs one redirect address even before the bridge's is known.
NOWHERE = "http://127.0.0.1:0" + CALLBACK
CLIENT_NAME = "Steward"


def ensure_oauth_client() -> str:
	"""The name of Steward's OAuth Client, made when missing."""
	client = frappe.db.get_single_value("Steward Settings", "oauth_client")
	if client and frappe.db.exists("OAuth Client", client):
		return client
	doc = frappe.new_doc("OAuth Client")
	doc.update(
		{
			"app_name": CLIENT_NAME,
			"scopes": "all openid",
			"redirect_uris": NOWHERE,
			"default_redirect_uri": NOWHERE,
			"grant_type": "Authorization Code",
			"response_type": "Code",
			"skip_authorization": 1,
			"client_secret": frappe.generate_hash(length=40),
		}
	)
	if doc.meta.has_field("token_endpoint_auth_method"):
		doc.token_endpoint_auth_method = "Client Secret Post"
	doc.insert(ignore_permissions=True)
	frappe.db.set_single_value("Steward Settings", "oauth_client", doc.name)
	sync_redirect_uris(frappe.get_single("Steward Settings"))
	return doc.name


def sync_redirect_uris(settings) -> None:
	"""The bridge's address decides where ERPNext may send a signed-in person back to."""
	if not settings.oauth_client or not settings.bridge_url:
		return
	uri = settings.bridge_url + CALLBACK
	stored = frappe.db.get_value(
		"OAuth Client", settings.oauth_client, ["redirect_uris", "default_redirect_uri"], as_dict=True
	)
	if stored and (stored.redirect_uris, stored.default_redirect_uri) != (uri, uri):
		frappe.db.set_value(
			"OAuth Client", settings.oauth_client, {"redirect_uris": uri, "default_redirect_uri": uri}
		)
