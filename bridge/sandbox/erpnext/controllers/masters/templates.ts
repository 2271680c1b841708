import type { Controller } from '../../../site/contract.ts'
import { rowsOf, sumOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'

export const taxesTemplate: Controller = {
  validate(document, site) {
    if (document.is_default !== 1) return
    const others = site.getAll(document.doctype, {
      filters: [
        ['company', '=', textOf(document, 'company')],
        ['is_default', '=', 1],
        ['name', '!=', document.name],
      ],
    })
    for (const other of others) {
      site.dbSet(document.doctype, textOf(other, 'name'), { is_default: 0 }, false)
    }
  },
}

export const paymentTermsTemplate: Controller = {
  validate(document) {
    const portions = sumOf(rowsOf(document, 'terms'), 'invoice_portion')
    if (roundTo(portions) !== 100) refuse('Combined invoice portion must equal 100%')
    const seen = new Set<string>()
    for (const term of rowsOf(document, 'terms')) {
      const { payment_term, credit_days, credit_months, due_date_based_on } = term
      const key = JSON.stringify([payment_term, credit_days, credit_months, due_date_based_on])
      if (seen.has(key)) refuse(`The Payment Term at row ${term.idx} is possibly a duplicate.`)
      seen.add(key)
    }
  },
}
