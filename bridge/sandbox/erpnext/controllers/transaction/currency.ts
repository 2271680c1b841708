import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { dateOf, kindOf } from './kinds.ts'

/** Currency and price list of a transaction, with the rates between them and the company's. */
export function setCurrencies(document: Document, site: SiteContext): void {
  const kind = kindOf(document)
  const company = companyCurrency(document, site)
  const direction = kind.side
  if (!document.currency) document.currency = company
  setPriceListCurrency(document, site, company)
  if (document.currency === company) document.conversion_rate = 1
  else if (!numberOf(document, 'conversion_rate')) {
    document.conversion_rate = exchangeRate(
      site,
      textOf(document, 'currency'),
      company,
      dateOf(document),
      direction,
    )
  }
}

/** Refuses a missing or impossible rate in ERPNext's words. */
export function checkConversionRate(document: Document, site: SiteContext): void {
  const company = companyCurrency(document, site)
  const rate = numberOf(document, 'conversion_rate')
  if (document.currency === company) document.conversion_rate = 1
  else if (!rate || rate === 1) {
    refuse(
      `Exchange Rate is mandatory. Maybe Currency Exchange record is not created for ${textOf(document, 'currency')} to ${company}`,
    )
  }
  if (rate < 0) refuse('Conversion rate cannot be 0 or 1')
}

export function companyCurrency(document: Record<string, unknown>, site: SiteContext): string {
  const company = textOf(document, 'company')
  if (!company || !site.exists('Company', company)) return ''
  return `${site.getValue('Company', company, 'default_currency') ?? ''}`
}

/** Where ERPNext asks for a rate that no Currency Exchange record gives. */
const RATE_SERVER = 'api.frankfurter.dev'

/** The newest Currency Exchange on or before `date`; else ERPNext asks a server, and finds 0 here. */
export function exchangeRate(
  site: SiteContext,
  from: string,
  to: string,
  date: string,
  side: 'selling' | 'buying',
): number {
  if (!from || !to || from === to) return 1
  const rate = newestRate(site, from, to, date, side)
  if (rate) return rate
  site.msgprint(
    `Unable to find exchange rate for ${from} to ${to} for key date ${date}. Please create a Currency Exchange record manually`,
  )
  site.callOut(RATE_SERVER)
  return 0
}

function newestRate(
  site: SiteContext,
  from: string,
  to: string,
  date: string,
  side: 'selling' | 'buying',
): number {
  const [row] = site.getAll('Currency Exchange', {
    filters: [
      ['from_currency', '=', from],
      ['to_currency', '=', to],
      ['date', '<=', date],
      [`for_${side}`, '=', 1],
    ],
    fields: ['exchange_rate'],
    order_by: 'date desc',
    limit_page_length: 1,
  })
  return row ? numberOf(row, 'exchange_rate') : 0
}

function setPriceListCurrency(document: Document, site: SiteContext, company: string): void {
  const kind = kindOf(document)
  const list = textOf(document, kind.priceListField)
  if (!list) {
    document.price_list_currency ??= document.currency
    if (!numberOf(document, 'plc_conversion_rate')) document.plc_conversion_rate = 1
    return
  }
  document.price_list_currency = site.getValue('Price List', list, 'currency')
  if (document.price_list_currency === company) document.plc_conversion_rate = 1
  else if (!numberOf(document, 'plc_conversion_rate')) {
    const from = textOf(document, 'price_list_currency')
    document.plc_conversion_rate = exchangeRate(site, from, company, dateOf(document), kind.side)
  }
}
