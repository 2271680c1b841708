import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'

/** Orders show what was paid on them in advance. */
export function updateAdvances(document: Document, site: SiteContext): void {
  for (const row of rowsOf(document, 'references')) {
    const doctype = textOf(row, 'reference_doctype')
    if (!doctype.endsWith('Order')) continue
    const name = textOf(row, 'reference_name')
    const paid = site.getAll('Payment Entry Reference', {
      filters: { reference_doctype: doctype, reference_name: name, docstatus: 1 },
      fields: ['allocated_amount'],
    })
    const advance = paid.reduce((sum, entry) => sum + numberOf(entry, 'allocated_amount'), 0)
    site.dbSet(doctype, name, { advance_paid: advance }, false)
  }
}
