import type { SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'

export interface PriceQuestion {
  itemCode: string
  priceList: string
  uom: string
  stockUom: string
  conversionFactor: number
  party: { field: 'customer' | 'supplier'; name: string }
  date: string
  quantity: number
}

/**
 * The price of an item in a price list, in the list's currency and per `uom`; null when there is
 * none. A price agreed with the party wins over the general one; a price in the stock unit is
 * multiplied by the conversion factor.
 */
export function findItemPrice(site: SiteContext, question: PriceQuestion): number | null {
  const prices = pricesOf(site, question)
  const { party, uom, stockUom } = question
  const forParty = prices.find((row) => textOf(row, party.field) === party.name && party.name)
  const general = prices.filter((row) => !textOf(row, 'customer') && !textOf(row, 'supplier'))
  const found =
    forParty ??
    general.find((row) => textOf(row, 'uom') === uom || !textOf(row, 'uom')) ??
    general.find((row) => textOf(row, 'uom') === stockUom)
  if (!found) return null
  const rate = numberOf(found, 'price_list_rate')
  if (textOf(found, 'uom') === uom) return rate
  const perUom = site.getValue('Price List', question.priceList, 'price_not_uom_dependent')
  return perUom ? rate : rate * (question.conversionFactor || 1)
}

function pricesOf(site: SiteContext, question: PriceQuestion): Record<string, unknown>[] {
  const { itemCode, priceList, uom, stockUom, date } = question
  return site
    .getAll('Item Price', {
      filters: { item_code: itemCode, price_list: priceList },
      fields: ['uom', 'price_list_rate', 'customer', 'supplier', 'valid_from', 'valid_upto'],
      order_by: 'valid_from desc, uom desc',
    })
    .filter((row) => ['', uom, stockUom].includes(textOf(row, 'uom')))
    .filter((row) => !date || textOf(row, 'valid_from') <= date)
    .filter((row) => !date || !textOf(row, 'valid_upto') || textOf(row, 'valid_upto') >= date)
}
