import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { groupsAbove } from './groups-above.ts'
import { dateOf, kindOf } from './kinds.ts'

/** What a rule may ask, with the values that satisfy it besides being empty. */
type Facts = Record<string, string[]>

/**
 * The tax template that the tax rules give a party: of the rules that fit, the one that says most,
 * then the one of higher priority. Null when none fits or the template is disabled.
 */
export function taxRuleTemplate(
  document: Document,
  party: Document,
  address: string,
  site: SiteContext,
): string | null {
  const facts = factsOf(document, party, address, site)
  const date = dateOf(document)
  const fitting = site
    .getAll('Tax Rule', { order_by: 'name asc' })
    .map(({ name }) => site.getDoc('Tax Rule', String(name)))
    .filter((rule) => textOf(rule, 'tax_category') === textOf(party, 'tax_category'))
    .filter((rule) => textOf(rule, 'from_date') <= date)
    .filter((rule) => (textOf(rule, 'to_date') || date) >= date)
    .filter((rule) => Object.entries(facts).every(([field, is]) => fits(rule, field, is)))
  const says = (rule: Document) => Object.keys(facts).filter((field) => rule[field]).length
  const best = fitting.sort(
    (a, b) => says(b) - says(a) || numberOf(b, 'priority') - numberOf(a, 'priority'),
  )[0]
  if (!best) return null
  const template = textOf(best, 'sales_tax_template') || textOf(best, 'purchase_tax_template')
  const isDisabled = site.getValue(kindOf(document).taxTemplate, template, 'disabled') === 1
  return isDisabled ? null : template
}

function fits(rule: Document, field: string, values: string[]): boolean {
  const wanted = textOf(rule, field)
  return !wanted || values.includes(wanted)
}

/** What is not known of the party's address is not asked either. */
function factsOf(document: Document, party: Document, address: string, site: SiteContext): Facts {
  const sells = kindOf(document).side === 'selling'
  const group = textOf(party, sells ? 'customer_group' : 'supplier_group')
  const customerGroups = sells ? groupsAbove('Customer Group', group, site) : []
  return {
    tax_type: [sells ? 'Sales' : 'Purchase'],
    company: [textOf(document, 'company')],
    [sells ? 'customer' : 'supplier']: party.doctype === 'Lead' ? [] : [party.name],
    ...(sells ? { customer_group: customerGroups } : { supplier_group: [group] }),
    ...(address && site.exists('Address', address)
      ? addressFacts(site.getDoc('Address', address))
      : {}),
  }
}

function addressFacts(address: Document): Facts {
  return {
    billing_city: [textOf(address, 'city')],
    billing_county: [textOf(address, 'county')],
    billing_state: [textOf(address, 'state')],
    billing_zipcode: [textOf(address, 'pincode')],
    billing_country: [textOf(address, 'country')],
  }
}
