import type { SiteContext } from '../../../site/contract.ts'

/** `base`, or with the first number that nobody has: Frappe's append_number_if_name_exists. */
export function freeName(base: string, doctype: string, site: SiteContext): string {
  if (!site.exists(doctype, base)) return base
  let count = 1
  while (site.exists(doctype, `${base}-${count}`)) count += 1
  return `${base}-${count}`
}
