import type { Controller } from '../../../site/contract.ts'
import { textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { prepareTransaction } from '../transaction/prepare.ts'

export const quotation: Controller = {
  validate(document, site, before) {
    prepareTransaction(document, site, before)
    const validTill = textOf(document, 'valid_till')
    if (validTill && validTill < textOf(document, 'transaction_date')) {
      refuse('Valid till date cannot be before transaction date')
    }
    if (!before) document.status = 'Draft'
  },
  beforeSubmit(document) {
    document.status = 'Open'
  },
  onCancel(document, site) {
    site.dbSet('Quotation', document.name, { status: 'Cancelled' }, false)
  },
}

export const supplierQuotation: Controller = {
  validate(document, site, before) {
    prepareTransaction(document, site, before)
    const validTill = textOf(document, 'valid_till')
    if (validTill && validTill < textOf(document, 'transaction_date')) {
      refuse('Valid till Date cannot be before Transaction Date')
    }
    if (!before) document.status = 'Draft'
  },
  beforeSubmit(document) {
    document.status = 'Submitted'
  },
  onCancel(document, site) {
    site.dbSet('Supplier Quotation', document.name, { status: 'Cancelled' }, false)
  },
}
