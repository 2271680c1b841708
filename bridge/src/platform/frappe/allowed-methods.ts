import { StewardError } from '../../shared/errors.ts'
import { STEWARD_METHODS } from '../../shared/site-protocol.ts'

/** Methods of Frappe itself that the bridge may call; whatever is not listed is refused here. */
const FRAPPE_METHODS = [
  'frappe.auth.get_logged_user',
  'frappe.client.get_list',
  'frappe.client.get_count',
  'frappe.desk.search.search_link',
  'frappe.desk.query_report.get_script',
  'frappe.desk.query_report.run',
  'frappe.ping',
]

const ALLOWED = new Set<string>([...FRAPPE_METHODS, ...Object.values(STEWARD_METHODS)])

/** Throws `forbidden` for a method outside the list: no model and no bug can reach another. */
export function requireAllowedMethod(method: string): void {
  if (!ALLOWED.has(method)) {
    throw new StewardError('forbidden', `Steward does not call ${method} on a site.`)
  }
}
