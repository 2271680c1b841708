import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { amountDue } from '../transaction/totals.ts'

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

/** A return of more than is still owed is settled by itself, not against the invoice. */
export function checkReturnedAmount(document: Document, site: SiteContext): void {
  const against = textOf(document, 'return_against')
  if (document.is_return !== 1 || !against || document.update_outstanding_for_self === 1) return
  const owed = Number(site.getValue(document.doctype, against, 'outstanding_amount') ?? 0)
  if (Math.abs(amountDue(document)) <= owed) return
  document.update_outstanding_for_self = 1
  site.msgprint(
    `The outstanding amount ${owed} in ${against} is lesser than ${Math.abs(amountDue(document))}. Updating the outstanding to this invoice.`,
  )
}
