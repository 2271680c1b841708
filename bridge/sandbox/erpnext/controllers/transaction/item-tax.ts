import type { SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'

/** `item_tax_rate`: the template's rates by tax account, as JSON text. */
export function itemTaxRates(template: string, site: SiteContext): string {
  if (!template || !site.exists('Item Tax Template', template)) return '{}'
  const rates = rowsOf(site.getDoc('Item Tax Template', template), 'taxes').map((row) => [
    textOf(row, 'tax_type'),
    numberOf(row, 'tax_rate'),
  ])
  return JSON.stringify(Object.fromEntries(rates))
}

/** Rates by tax account of one row. */
export function readItemTaxRates(text: unknown): Record<string, number> {
  if (typeof text !== 'string' || !text) return {}
  return JSON.parse(text) as Record<string, number>
}
