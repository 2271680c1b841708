import type {
  LedgerEntry,
  OperationPreview,
  StockEntry,
} from '../../../src/shared/site-protocol.ts'
import type { Document, SiteContext } from '../../site/contract.ts'
import { textOf, type Image } from '../values.ts'
import type { Companions } from './companions.ts'
import { effects } from './effect.ts'
import { companyCurrency } from './ledger.ts'
import type { Operation } from './request.ts'
import { undoStatement } from './undo-statement.ts'

export type SideEffects = OperationPreview['side_effects']

/** What a deletion took along, with the bytes of its attachments. */
export interface Taken extends Companions {
  contents: Map<string, string>
}

/** What an operation did, as it came about. */
export interface Done {
  companions: Taken | null
  operation: Operation
  name: string | null
  before: Image | null
  baseModified: string | null
  asked: Image
  document: Document | null
  ledger: LedgerEntry[]
  stock: StockEntry[]
}

interface Seen extends Done {
  after: Image | null
  /** Whether the document was made earlier in the list, and so has no name to show. */
  isListed: boolean
  written: SideEffects
  messages: OperationPreview['messages']
}

/** The card of an operation: what would be saved, by whom each value is, and what else happens. */
export function describe(seen: Seen, site: SiteContext): OperationPreview {
  const { operation, name, before, after, asked, document, ledger, stock, isListed } = seen
  const { doctype, action, operation_id } = operation
  return {
    operation_id,
    action,
    doctype,
    doctype_label: doctype,
    name: before && !isListed ? name : null,
    title: titleOf(doctype, after ?? before, site),
    docstatus_before: docstatusOf(before),
    docstatus_after: docstatusOf(after),
    is_submittable: Boolean(site.meta(doctype).is_submittable),
    base_modified: seen.baseModified,
    ...effects({ doctype, before, after, asked, document }, site),
    currency: document ? textOf(document.currency) || companyCurrency(document, site) : null,
    ledger: site.hasPermission('GL Entry', 'read') ? ledger : [],
    stock: site.hasPermission('Stock Ledger Entry', 'read') ? stock : [],
    side_effects: seen.written,
    deferred: [],
    messages: seen.messages,
    undo: undoStatement({ ...operation, before, companions: seen.companions }, site),
  }
}

/** A document's title as lists show it. */
export function titleOf(doctype: string, image: Image | null, site: SiteContext): string | null {
  const field = site.meta(doctype).title_field ?? 'name'
  return textOf(image?.[field]) || null
}

function docstatusOf(image: Image | null): 0 | 1 | 2 | null {
  return image ? (Number(image.docstatus) as 0 | 1 | 2) : null
}
