import type { Document, SiteContext } from '../../site/contract.ts'
import { textOf, type Image } from '../values.ts'
import { attachmentsOf } from './kept-files.ts'

/** [doctype, field with the document's type, field with its name] of rows that go with a document. */
export type Related = [doctype: string, typeField: string | null, nameField: string]

const RELATED: Related[] = [
  ['ToDo', 'reference_type', 'reference_name'],
  ['DocShare', 'share_doctype', 'share_name'],
  ['Tag Link', 'document_type', 'document_name'],
  ['Dynamic Link', 'link_doctype', 'link_name'],
  ['Comment', 'reference_doctype', 'reference_name'],
]
const ITEM_PRICES: Related = ['Item Price', null, 'item_code']

/** What hangs on a document beside it, written down before its deletion takes it along. */
export interface Companions {
  rows: Record<string, Image[]>
  files: Image[]
  /** Documents that ERPNext deletes along, such as a customer's only contact. */
  documents: Document[]
  /** What can't be brought back, a sentence each. */
  losses: string[]
}

export const NO_COMPANIONS: Companions = { rows: {}, files: [], documents: [], losses: [] }

export function companionsOf(doctype: string, name: string, site: SiteContext): Companions {
  const rows: Companions['rows'] = {}
  for (const related of relatedTo(doctype)) {
    const found = site.getAll(related[0], {
      fields: ['*'],
      filters: filtersOf(related, doctype, name),
      order_by: 'creation desc',
    })
    if (found.length) rows[related[0]] = found
  }
  const { kept, lost } = attachmentsOf(doctype, name, site)
  return { rows, files: kept, documents: [], losses: lost }
}

export function relatedTo(doctype: string): Related[] {
  return doctype === 'Item' ? [...RELATED, ITEM_PRICES] : RELATED
}

export function filtersOf([, typeField, nameField]: Related, doctype: string, name: string) {
  return { [nameField]: name, ...(typeField ? { [typeField]: doctype } : {}) }
}

/** The documents of these Deleted Document records, beside the document itself. */
export function deletedAlong(
  records: string[],
  own: { doctype: string; name: string },
  site: SiteContext,
): Document[] {
  return records
    .map((name) => site.getDoc('Deleted Document', name))
    .filter((row) => row.deleted_doctype !== 'File')
    .filter((row) => row.deleted_doctype !== own.doctype || row.deleted_name !== own.name)
    .map((row) => JSON.parse(textOf(row.data)) as Document)
}

/** What comes back with the document, as the card says it. */
export function wordsOf({ rows, files, documents }: Companions): string {
  const comments = (rows.Comment ?? []).filter((row) => row.comment_type === 'Comment')
  const assignments = (rows.ToDo ?? []).filter((row) => row.status === 'Open')
  const counted: [string, number][] = [
    ['attachments', files.length],
    ['comments', comments.length],
    ['assignments', assignments.length],
    ['tags', rows['Tag Link']?.length ?? 0],
    ['shares', rows.DocShare?.length ?? 0],
  ]
  const words = counted.filter(([, count]) => count).map(([label, count]) => `${label} (${count})`)
  const along = documents.slice(0, 5).map((document) => `${document.doctype} ${document.name}`)
  return [...words, ...along].join(', ')
}
