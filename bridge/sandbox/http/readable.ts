import type { Document } from '../site/contract.ts'
import { hideUnreadable, permissionError, refusalReasons } from '../site/index.ts'
import type { SiteSession } from '../site/index.ts'

/** Columns of the table that no document shows. */
const INTERNAL = ['_user_tags', '_comments', '_assign', '_liked_by']

/** The document after the read check, without the fields this user may not see. */
export function readable(site: SiteSession, document: Document): Document {
  if (!site.hasPermission(document.doctype, 'read', document)) {
    site.msgprint(refusalReasons(site, document, 'read'))
    throw permissionError('', { silent: true })
  }
  hideUnreadable(site, document, site.state.metas.get(document.doctype))
  for (const fieldname of INTERNAL) delete document[fieldname]
  return document
}
