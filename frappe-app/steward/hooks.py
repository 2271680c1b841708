from steward.setup.assets import desk_scripts, desk_styles

app_name = "steward"
app_title = "Steward"
app_publisher = "Steward contributors"
app_description = "Ask, preview, approve, apply and undo work in ERPNext"
app_email = "steward@example.com"
app_license = "mit"
required_apps = ["erpnext"]

add_to_apps_screen = [
	{
		"name": "steward",
		"logo": "/assets/steward/frontend/steward-mark.svg",
		"title": "Steward",
		"route": "/steward",
		"has_permission": "steward.www.steward.may_open",
	}
]
website_route_rules = [{"from_route": "/steward/<path:app_path>", "to_route": "steward"}]

app_include_js = desk_scripts()
app_include_css = desk_styles()
extend_bootinfo = "steward.setup.boot.extend_bootinfo"

after_install = "steward.setup.install.after_install"
after_migrate = "steward.setup.install.after_migrate"
before_uninstall = "steward.setup.install.before_uninstall"

on_logout = "steward.sessions.events.on_logout"
auth_hooks = ["steward.sessions.events.check_bearer"]
doc_events = {
	"User": {"on_update": "steward.sessions.events.on_user_update"},
	"OAuth Bearer Token": {
		"before_insert": "steward.sessions.events.before_token",
		"after_insert": "steward.sessions.events.after_token",
	},
}

permission_query_conditions = {
	"Steward Operation": "steward.setup.permissions.own_rows",
	"Steward Request": "steward.setup.permissions.own_rows",
}
has_permission = {
	"Steward Operation": "steward.setup.permissions.may_see",
	"Steward Request": "steward.setup.permissions.may_see",
}

scheduler_events = {"daily": ["steward.sessions.grants.delete_expired"]}
default_log_clearing_doctypes = {"Steward Kept File": 30}
ignore_links_on_delete = ["Steward Operation", "Steward Request", "Steward Grant", "Steward Kept File"]
