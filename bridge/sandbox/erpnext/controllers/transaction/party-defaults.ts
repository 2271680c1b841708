import type { Document, SiteContext, Value } from '../../../site/contract.ts'
import { fillEmpty, textOf } from '../../document-fields.ts'
import { kindOf, partyOf, partyTypeOf } from './kinds.ts'
import { taxRuleTemplate } from './tax-rule.ts'
import { partyAccount } from '../ledger/party-account.ts'

/** Fills what follows from the party: names, group, address, currency, price list, terms, account. */
export function setPartyDefaults(document: Document, site: SiteContext): void {
  const party = readParty(document, site)
  if (party) fillFromParty(document, party, site)
  const kind = kindOf(document)
  fillEmpty(document, kind.priceListField, defaultPriceList(document, party, site))
  if (document.doctype.endsWith('Invoice')) setPartyAccount(document, site)
}

function readParty(document: Document, site: SiteContext): Document | null {
  const type = partyTypeOf(document)
  const name = partyOf(document)
  return type && name && site.exists(type, name) ? site.getDoc(type, name) : null
}

function fillFromParty(document: Document, party: Document, site: SiteContext): void {
  const fields = new Set(site.meta(document.doctype).fields.map((field) => field.fieldname))
  const fill = (field: string, value: Value | undefined) => {
    if (fields.has(field)) fillEmpty(document, field, value)
  }
  fill(nameField(document), party.customer_name ?? party.supplier_name ?? leadTitle(party))
  fill('customer_group', party.customer_group)
  fill('territory', party.territory)
  fill('tax_id', party.tax_id)
  fill('tax_category', party.tax_category)
  fill('language', party.language)
  fill('currency', party.default_currency)
  const address = defaultAddress(party, site)
  fill(kindOf(document).side === 'selling' ? 'customer_address' : 'supplier_address', address)
  const named = textOf(document, 'customer_address') || textOf({ address }, 'address')
  fill('taxes_and_charges', taxRuleTemplate(document, party, named, site))
  fill('contact_person', party.customer_primary_contact ?? party.supplier_primary_contact)
  fill('contact_email', party.email_id)
  fill(
    'payment_terms_template',
    document.is_return === 1 ? null : paymentTerms(document, party, site),
  )
}

function nameField(document: Document): string {
  return kindOf(document).side === 'selling' ? 'customer_name' : 'supplier_name'
}

function leadTitle(party: Document): Value | undefined {
  return party.company_name || party.lead_name
}

function defaultAddress(party: Document, site: SiteContext): Value | undefined {
  const primary = party.customer_primary_address ?? party.supplier_primary_address
  if (primary) return primary
  const [link] = site.getAll('Dynamic Link', {
    filters: { link_doctype: party.doctype, link_name: party.name, parenttype: 'Address' },
    fields: ['parent'],
    limit_page_length: 1,
  })
  return textOf(link ?? {}, 'parent')
}

/** The party's own, its group's, else the company's. */
function paymentTerms(document: Document, party: Document, site: SiteContext): Value | undefined {
  if (party.payment_terms) return party.payment_terms
  if (party.doctype !== 'Customer' && party.doctype !== 'Supplier') return null
  const isCustomer = party.doctype === 'Customer'
  const doctype = isCustomer ? 'Customer Group' : 'Supplier Group'
  const group = textOf(party, isCustomer ? 'customer_group' : 'supplier_group')
  const ofGroup =
    group && site.exists(doctype, group) ? site.getValue(doctype, group, 'payment_terms') : null
  const company = textOf(document, 'company')
  if (ofGroup || !company || !site.exists('Company', company)) return ofGroup
  return site.getValue('Company', company, 'payment_terms')
}

function defaultPriceList(
  document: Document,
  party: Document | null,
  site: SiteContext,
): Value | undefined {
  if (party?.default_price_list) return party.default_price_list
  const selling = kindOf(document).side === 'selling'
  const group = party ? textOf(party, 'customer_group') : ''
  const ofGroup =
    selling && group && site.exists('Customer Group', group)
      ? site.getValue('Customer Group', group, 'default_price_list')
      : null
  if (ofGroup) return ofGroup
  const settings = site.getSingle(selling ? 'Selling Settings' : 'Buying Settings')
  return settings[kindOf(document).priceListField]
}

function setPartyAccount(document: Document, site: SiteContext): void {
  const field = document.doctype === 'Sales Invoice' ? 'debit_to' : 'credit_to'
  const party = readParty(document, site)
  const company = textOf(document, 'company')
  if (!party || !company) return
  fillEmpty(document, field, partyAccount(site, party.doctype, party.name, company))
  const account = textOf(document, field)
  if (account && site.exists('Account', account)) {
    document.party_account_currency =
      site.getValue('Account', account, 'account_currency') ??
      site.getValue('Company', company, 'default_currency')
  }
}
