/** The Frappe whose behaviour the sandbox follows. */
export const FRAPPE_VERSION = '15.101.1'
