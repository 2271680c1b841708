import type { Document } from '../site/contract.ts'
import { hideUnreadable, permissionError } from '../site/index.ts'
import type { SiteSession } from '../site/index.ts'

/** The document after the read check, without the fields this user may not see. */
export function readable(site: SiteSession, document: Document): Document {
  if (!site.hasPermission(document.doctype, 'read', document)) {
    throw permissionError('', { silent: true })
  }
  hideUnreadable(site, document, site.state.metas.get(document.doctype))
  return document
}
