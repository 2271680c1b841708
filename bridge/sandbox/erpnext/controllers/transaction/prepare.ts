import type { Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, rowsOf, textOf } from '../../document-fields.ts'
import { checkAfter, checkBefore } from './checks.ts'
import { setCurrencies } from './currency.ts'
import { setItemDetails } from './item-details.ts'
import { kindOf, partyTypeOf } from './kinds.ts'
import { setPartyDefaults } from './party-defaults.ts'
import { setPaymentSchedule } from './payment-schedule.ts'
import { setPricingRules } from './pricing-rules.ts'
import { setTaxTemplate } from './tax-template.ts'
import { setTotals } from './totals.ts'

/** What saving any priced document does: fill, check, compute. The order is ERPNext's. */
export function prepareTransaction(
  document: Document,
  site: SiteContext,
  before: Document | null,
): void {
  setPostingTime(document, site)
  fillEmpty(document, 'company', textOf(site.getSingle('Global Defaults'), 'default_company'))
  checkBefore(document, site)
  setPartyDefaults(document, site)
  setCurrencies(document, site)
  setItemDetails(document, site, before)
  setPricingRules(document, site, before)
  setTaxTemplate(document, site)
  setTaxCostCenters(document, site)
  setTotals(document, site)
  checkAfter(document, site)
  if (kindOf(document).hasPaymentSchedule) setPaymentSchedule(document, site)
  setTitle(document)
}

/** Without "Edit Posting Date and Time" a document is posted now. */
function setPostingTime(document: Document, site: SiteContext): void {
  if (kindOf(document).dateField !== 'posting_date') {
    fillEmpty(document, 'transaction_date', site.today())
    return
  }
  if (document.set_posting_time === 1) {
    fillEmpty(document, 'posting_date', site.today())
    fillEmpty(document, 'posting_time', site.now().slice(11))
    return
  }
  document.posting_date = site.today()
  document.posting_time = site.now().slice(11)
}

function setTaxCostCenters(document: Document, site: SiteContext): void {
  const company = textOf(document, 'company')
  if (!company || !site.exists('Company', company)) return
  const center = site.getValue('Company', company, 'cost_center')
  for (const tax of rowsOf(document, 'taxes')) {
    fillEmpty(tax, 'cost_center', document.cost_center ?? center)
    fillEmpty(tax, 'description', textOf(tax, 'account_head'))
  }
}

/** The title is the party's name. */
function setTitle(document: Document): void {
  const field = kindOf(document).side === 'selling' ? 'customer_name' : 'supplier_name'
  const name = textOf(document, field)
  const placeholder = /^\{.*\}$/.test(textOf(document, 'title'))
  if (name && (placeholder || !document.title)) document.title = name
  if (partyTypeOf(document) === 'Lead' && !document.title) document.title = document.party_name
}
