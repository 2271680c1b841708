import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'

/** A return names a submitted document of the same party and has negative quantities. */
export function checkReturn(document: Document, site: SiteContext): void {
  if (document.is_return !== 1) return
  for (const row of rowsOf(document, 'items')) {
    if (numberOf(row, 'qty') > 0) {
      refuse(`Row #${row.idx}: Quantity must be negative number`)
    }
  }
  const against = textOf(document, 'return_against')
  if (!against) return
  if (!site.exists(document.doctype, against)) refuse(`Invalid ${document.doctype}: ${against}`)
  const original = site.getDoc(document.doctype, against)
  const partyField = 'customer' in original ? 'customer' : 'supplier'
  const isSameParty = original[partyField] === document[partyField]
  if (!isSameParty || original.company !== document.company || original.docstatus !== 1) {
    refuse(`Invalid Return Against: ${document.doctype} ${against}`)
  }
}
