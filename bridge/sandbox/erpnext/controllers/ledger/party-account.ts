import type { SiteContext } from '../../../site/contract.ts'
import { rowsOf, textOf } from '../../document-fields.ts'

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
