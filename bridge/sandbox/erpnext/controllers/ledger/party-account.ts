import type { Document, SiteContext } from '../../../site/contract.ts'
import { rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { companyCurrency } from '../transaction/currency.ts'
import { kindOf } from '../transaction/kinds.ts'

/** The receivable or payable account of a party: its own for the company, else the company's. */
export function partyAccount(
  site: SiteContext,
  partyType: string,
  party: string,
  company: string,
): string {
  const own = site.exists(partyType, party)
    ? rowsOf(site.getDoc(partyType, party), 'accounts').find((row) => row.company === company)
    : undefined
  const field = partyType === 'Customer' ? 'default_receivable_account' : 'default_payable_account'
  return textOf(own ?? {}, 'account') || `${site.getValue('Company', company, field) ?? ''}`
}

/** A foreign invoice needs a party account in its currency, while the party has no entries yet. */
export function checkAccountCurrency(document: Document, account: string, site: SiteContext): void {
  const kind = kindOf(document)
  const type = kind.side === 'selling' ? 'Customer' : 'Supplier'
  const party = textOf(document, type.toLowerCase())
  const company = textOf(document, 'company')
  if (!account || document.is_opening === 'Yes' || !site.exists('Account', account)) return
  const own = textOf(site.getDoc('Account', account), 'account_currency')
  const currency = own || companyCurrency(document, site)
  if (currency === document.currency) return
  if (currency !== companyCurrency(document, site)) {
    refuse(
      `Accounting Entry for ${type}: ${party} can only be made in currency: ${currency}`,
      'InvalidCurrency',
    )
  }
  const entries = site.getAll('GL Entry', {
    filters: { company, party_type: type, party, is_cancelled: 0 },
    limit_page_length: 1,
  })
  if (entries.length) return
  refuse(
    `Party Account <strong>${account}</strong> currency (${currency}) and document currency (${textOf(document, 'currency')}) should be same`,
  )
}
