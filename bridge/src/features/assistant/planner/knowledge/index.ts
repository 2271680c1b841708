import type { DocumentKnowledge } from './document-knowledge.ts'
import { OFFICE_DOCUMENTS } from './office-documents.ts'
import { TRADE_DOCUMENTS } from './trade-documents.ts'

export type { DocumentKnowledge } from './document-knowledge.ts'

const BY_DOCTYPE = new Map(
  [...TRADE_DOCUMENTS, ...OFFICE_DOCUMENTS].map((entry) => [entry.doctype, entry]),
)

export function knowledgeOf(doctype: string): DocumentKnowledge | null {
  return BY_DOCTYPE.get(doctype) ?? null
}

/** The doctype whose standard naming series begins a document name. */
export function doctypeOfSeries(name: string): string | null {
  const upper = name.toUpperCase()
  for (const { doctype, series } of BY_DOCTYPE.values()) {
    if (series && upper.startsWith(series)) return doctype
  }
  return null
}
