import type { Document, SiteContext } from '../../../site/contract.ts'
import { appendRow } from '../../child-rows.ts'
import { rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { readItemTaxRates } from './item-tax.ts'
import { kindOf } from './kinds.ts'

const NOT_COPIED = new Set([
  'doctype',
  'name',
  'idx',
  'parent',
  'parenttype',
  'parentfield',
  'owner',
  'creation',
  'modified',
  'modified_by',
  'docstatus',
])

/** Fills an empty taxes table as Accounts Settings say, from the template and from the items' own. */
export function setTaxTemplate(document: Document, site: SiteContext): void {
  checkTemplate(document, site)
  if (rowsOf(document, 'taxes').length) return
  const settings = site.getSingle('Accounts Settings')
  if (settings.add_taxes_from_taxes_and_charges_template === 1) {
    for (const row of templateRows(document, site)) appendRow(document, 'taxes', row, site)
  }
  if (settings.add_taxes_from_item_tax_template === 1) addItemTaxes(document, site)
}

/** The rows of the document's template, as values of new rows. */
export function templateRows(document: Document, site: SiteContext): Record<string, unknown>[] {
  const template = textOf(document, 'taxes_and_charges')
  if (!template) return []
  const kind = kindOf(document)
  return rowsOf(site.getDoc(kind.taxTemplate, template), 'taxes').map((row) =>
    Object.fromEntries(Object.entries(row).filter(([field]) => !NOT_COPIED.has(field))),
  )
}

function checkTemplate(document: Document, site: SiteContext): void {
  const template = textOf(document, 'taxes_and_charges')
  if (!template) return
  const { taxTemplate } = kindOf(document)
  if (!site.exists(taxTemplate, template)) return
  if (site.getValue(taxTemplate, template, 'disabled') === 1) {
    refuse(`Tax template ${template} is disabled`)
  }
}

function addItemTaxes(document: Document, site: SiteContext): void {
  for (const row of rowsOf(document, 'items')) {
    for (const account of Object.keys(readItemTaxRates(row.item_tax_rate))) {
      if (rowsOf(document, 'taxes').some((tax) => tax.account_head === account)) continue
      const values = {
        charge_type: 'On Net Total',
        account_head: account,
        rate: 0,
        description: account,
        category: 'Total',
        add_deduct_tax: 'Add',
      }
      appendRow(document, 'taxes', values, site)
    }
  }
}
