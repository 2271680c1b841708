import type { Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { amountDue } from '../transaction/totals.ts'

const ALLOWED: Record<string, string[]> = {
  Customer: ['Sales Order', 'Sales Invoice', 'Journal Entry'],
  Supplier: ['Purchase Order', 'Purchase Invoice', 'Journal Entry'],
  Employee: ['Journal Entry'],
}

/** Reads what each reference is worth and what of it is still owed; checks whose it is. */
export function setReferences(document: Document, site: SiteContext): void {
  const seen = new Set<string>()
  for (const row of rowsOf(document, 'references')) {
    const doctype = textOf(row, 'reference_doctype')
    const name = textOf(row, 'reference_name')
    const key = `${doctype} ${name} ${textOf(row, 'payment_term')}`
    if (seen.has(key)) {
      refuse(`Row #${row.idx}: Duplicate entry in References ${doctype} ${name}`)
    }
    seen.add(key)
    checkDoctype(document, doctype)
    if (!doctype || !name) continue
    if (!site.exists(doctype, name)) refuse(`${doctype} ${name} does not exist`)
    fillReference(document, row, site.getDoc(doctype, name))
  }
}

function checkDoctype(document: Document, doctype: string): void {
  const allowed = ALLOWED[textOf(document, 'party_type')]
  if (!allowed || allowed.includes(doctype)) return
  const list = `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`
  refuse(`Reference Doctype must be one of ${list}`)
}

function fillReference(document: Document, row: Document, reference: Document): void {
  if (reference.doctype === 'Journal Entry') return
  const partyField = textOf(document, 'party_type').toLowerCase()
  if (reference[partyField] !== document.party) {
    refuse(
      `${reference.doctype} ${reference.name} is not associated with ${textOf(document, 'party_type')} ${textOf(document, 'party')}`,
    )
  }
  if (reference.docstatus !== 1) {
    refuse(`${reference.doctype} ${reference.name} must be submitted`)
  }
  const isInvoice = reference.doctype.endsWith('Invoice')
  const total = amountDue(reference)
  row.total_amount = total
  row.outstanding_amount = isInvoice
    ? numberOf(reference, 'outstanding_amount')
    : roundTo(total - numberOf(reference, 'advance_paid'))
  row.exchange_rate = numberOf(reference, 'conversion_rate') || 1
  row.due_date = textOf(reference, 'due_date') || null
  fillEmpty(row, 'bill_no', textOf(reference, 'bill_no'))
  fillEmpty(row, 'account', textOf(reference, 'debit_to') || textOf(reference, 'credit_to'))
}
