import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { companyCurrency } from '../transaction/currency.ts'
import { deleteContactAndAddress } from './contact-and-address.ts'

export const customer: Controller = {
  autoname: (document, site) => nameOfParty(document, 'customer_name', 'Selling Settings', site),
  validate(document, site) {
    const settings = site.getSingle('Selling Settings')
    fillEmpty(document, 'customer_group', settings.customer_group)
    fillEmpty(document, 'territory', settings.territory)
    checkGroup('Customer Group', textOf(document, 'customer_group'), site)
    checkAccounts(document, 'Receivable', site)
  },
  onTrash: deleteContactAndAddress,
}

export const supplier: Controller = {
  autoname: (document, site) => nameOfParty(document, 'supplier_name', 'Buying Settings', site),
  validate(document, site) {
    fillEmpty(document, 'supplier_group', site.getSingle('Buying Settings').supplier_group)
    checkAccounts(document, 'Payable', site)
  },
  onTrash: deleteContactAndAddress,
}

/** Parties are named by what they are called; a second of the same name gets a number. */
function nameOfParty(
  document: Document,
  field: string,
  settings: string,
  site: SiteContext,
): string | null {
  const by =
    site.getSingle(settings)[field === 'customer_name' ? 'cust_master_name' : 'supp_master_name']
  if (by === 'Naming Series') return null
  const name = textOf(document, field).trim()
  if (!name || !site.exists(document.doctype, name)) return name || null
  let count = 1
  while (site.exists(document.doctype, `${name} - ${count}`)) count += 1
  if (document.doctype === 'Customer') return `${name} - ${count}`
  return name
}

function checkGroup(doctype: string, group: string, site: SiteContext): void {
  if (!group || !site.exists(doctype, group)) return
  if (site.getValue(doctype, group, 'is_group') === 1) {
    refuse('Cannot select a Group type Customer Group. Please select a non-group Customer Group.')
  }
}

function checkAccounts(document: Document, type: string, site: SiteContext): void {
  for (const row of rowsOf(document, 'accounts')) {
    const account = textOf(row, 'account')
    if (!account || !site.exists('Account', account)) continue
    if (site.getValue('Account', account, 'account_type') !== type) {
      refuse(`Account ${account} is not a ${type} account`)
    }
    checkAccountCurrency(document, type, account, site)
  }
}

function checkAccountCurrency(
  document: Document,
  type: string,
  account: string,
  site: SiteContext,
): void {
  const holder = site.getDoc('Account', account)
  const own = companyCurrency(holder, site)
  const currency = textOf(holder, 'account_currency') || own
  const billing = textOf(document, 'default_currency')
  if (currency === own || currency === billing) return
  const bold = (text: string) => `<strong>${text}</strong>`
  refuse(
    `${type} Account: ${bold(account)} (${bold(currency)}) must be in either ${document.doctype.toLowerCase()} billing currency: ${bold(billing || 'None')} or Company default currency: ${bold(own)}`,
  )
}
