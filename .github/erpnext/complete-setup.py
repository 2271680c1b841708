"""Goes through ERPNext's set-up wizard, so that the tests find a company, accounts and a fiscal year."""

import datetime
import os

import frappe

os.chdir("/home/frappe/frappe-bench/sites")
frappe.init(site="erp.localhost")
frappe.connect()
frappe.set_user("Administrator")

from frappe.desk.page.setup_wizard.setup_wizard import setup_complete  # noqa: E402

year = datetime.date.today().year
setup_complete(
	{
		"language": "English",
		"country": "United States",
		"timezone": "America/New_York",
		"currency": "USD",
		"full_name": "Site Admin",
		"email": "admin@example.com",
		"password": "steward-admin-1",
		"company_name": "Steward Trading",
		"company_abbr": "ST",
		"chart_of_accounts": "Standard",
		"fy_start_date": f"{year}-01-01",
		"fy_end_date": f"{year}-12-31",
		"bank_account": "Checking",
		"setup_demo": 0,
		"enable_telemetry": 0,
	}
)
frappe.db.commit()
print(frappe.get_all("Company", pluck="name"))
