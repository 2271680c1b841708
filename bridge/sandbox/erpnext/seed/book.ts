import type { Document, DocumentInput, SiteContext } from '../../site/contract.ts'
import { mapDocument } from '../mappings/map-document.ts'
import { MAPPING_RULES } from '../mappings/mapping.ts'
import { refuse } from '../refusal.ts'

const QUIETLY = { ignorePermissions: true }

/** Books documents the way a person would: make and submit; ledgers and totals follow. */
export function book(site: SiteContext, input: DocumentInput): Document {
  return site.insert({ ...input, docstatus: 1 }, QUIETLY)
}

export function draft(site: SiteContext, input: DocumentInput): Document {
  return site.insert(input, QUIETLY)
}

/** The next document made from `source` by ERPNext's own make function, submitted. */
export function follow(
  site: SiteContext,
  source: Document,
  to: string,
  values: Record<string, unknown>,
): Document {
  const rule = MAPPING_RULES.find(
    (entry) => entry.from === source.doctype && entry.to === to && !entry.isReturn,
  )
  if (!rule) return refuse(`There is no way from ${source.doctype} to ${to}`)
  return book(site, { ...mapDocument(rule, source.name, site), ...values })
}

/** Date and time fields of a document that is posted on a past day. */
export function on(date: string, hour = 10): Record<string, unknown> {
  return { posting_date: date, posting_time: `${hour}:00:00`, set_posting_time: 1 }
}
