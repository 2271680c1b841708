import type { Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, rowsOf, textOf } from '../../document-fields.ts'
import { partyAccount } from '../ledger/party-account.ts'
import { companyCurrency, exchangeRate } from '../transaction/currency.ts'

/** Accounts, their types and currencies, and the rates between them. */
export function setPaymentAccounts(document: Document, site: SiteContext): void {
  fillEmpty(document, 'company', textOf(site.getSingle('Global Defaults'), 'default_company'))
  fillEmpty(document, 'posting_date', site.today())
  const [partySide, bankSide] = sidesOf(document)
  const [type, party] = [textOf(document, 'party_type'), textOf(document, 'party')]
  if (partySide && type && party && site.exists(type, party)) {
    fillEmpty(document, partySide, partyAccount(site, type, party, textOf(document, 'company')))
    document.party_name = partyName(type, party, site)
  }
  if (bankSide) fillEmpty(document, bankSide, defaultBank(document, site))
  for (const side of ['paid_from', 'paid_to']) describeAccount(document, side, site)
  setRates(document, site)
}

/** Fields of the party's account and of the bank's. */
function sidesOf(document: Document): [string | null, string | null] {
  if (document.payment_type === 'Receive') return ['paid_from', 'paid_to']
  if (document.payment_type === 'Pay') return ['paid_to', 'paid_from']
  return [null, null]
}

function partyName(type: string, party: string, site: SiteContext): string {
  const field = `${type.toLowerCase()}_name`
  const hasField = site.meta(type).fields.some((entry) => entry.fieldname === field)
  return `${(hasField ? site.getValue(type, party, field) : null) ?? party}`
}

/** The account of the mode of payment, else the company's bank, else its cash. */
export function defaultBank(document: Document, site: SiteContext): string {
  const mode = textOf(document, 'mode_of_payment')
  const company = textOf(document, 'company')
  if (mode && site.exists('Mode of Payment', mode)) {
    const rows = rowsOf(site.getDoc('Mode of Payment', mode), 'accounts')
    const own = rows.find((row) => row.company === company)
    if (own) return textOf(own, 'default_account')
  }
  if (!site.exists('Company', company)) return ''
  const holder = site.getDoc('Company', company)
  return textOf(holder, 'default_bank_account') || textOf(holder, 'default_cash_account')
}

function describeAccount(document: Document, side: string, site: SiteContext): void {
  const account = textOf(document, side)
  if (!account || !site.exists('Account', account)) return
  document[`${side}_account_type`] = site.getValue('Account', account, 'account_type')
  document[`${side}_account_currency`] =
    site.getValue('Account', account, 'account_currency') ?? companyCurrency(document, site)
}

function setRates(document: Document, site: SiteContext): void {
  const company = companyCurrency(document, site)
  const date = textOf(document, 'posting_date')
  const pairs = [
    ['source_exchange_rate', 'paid_from_account_currency'],
    ['target_exchange_rate', 'paid_to_account_currency'],
  ] as const
  for (const [field, currencyField] of pairs) {
    const currency = textOf(document, currencyField)
    if (currency === company) document[field] = 1
    else fillEmpty(document, field, exchangeRate(site, currency, company, date, 'selling'))
  }
}
