import { boot } from '../bridge/boot.ts'

/** Paths of ERPNext and of Steward that an answer may lead to. */
const KNOWN = /^\/(app|desk|files|private\/files|steward|printview)(\/|\?|$)/

/**
 * The address of a link in an answer when it leads to this site, else null. Answers hold text of
 * documents and models, so a link to anywhere else is shown as text and never followed.
 */
export function siteAddress(href: string): string | null {
  const trimmed = href.trim()
  if (/[\s\\]/.test(trimmed)) return null
  try {
    const url = new URL(trimmed, location.origin)
    if (url.origin !== location.origin || trimmed.startsWith('//')) return null
    const path = url.pathname.replace(/^\/(app|desk)(?=\/|$)/, boot.deskRoot)
    return KNOWN.test(path) ? path + url.search + url.hash : null
  } catch {
    return null
  }
}

/** Desk's path of one document: `/app/sales-invoice/ACC-SINV-0001`, in Frappe 16 `/desk/…`. */
export function documentPath(doctype: string, name: string): string {
  const slug = doctype.toLowerCase().replaceAll(' ', '-')
  return `${boot.deskRoot}/${encodeURIComponent(slug)}/${encodeURIComponent(name)}`
}
