import type { Document, SiteContext, WhitelistedMethod } from '../../site/contract.ts'
import { rowsOf, textOf } from '../document-fields.ts'

const LEAD = 'erpnext.crm.doctype.lead.lead.'
const OPPORTUNITY = 'erpnext.crm.doctype.opportunity.opportunity.'

/** From a lead to an opportunity, a quotation or a customer; from an opportunity to a quotation. */
export const crmMethods: WhitelistedMethod[] = [
  make(`${LEAD}make_opportunity`, 'Lead', (lead, site) =>
    site.newDoc('Opportunity', {
      opportunity_from: 'Lead',
      party_name: lead.name,
      customer_name: lead.company_name ?? lead.lead_name,
      source: lead.source,
      contact_email: lead.email_id,
      contact_mobile: lead.mobile_no,
      territory: lead.territory,
      company: lead.company,
    }),
  ),
  make(`${LEAD}make_quotation`, 'Lead', (lead, site) =>
    site.newDoc('Quotation', {
      quotation_to: 'Lead',
      party_name: lead.name,
      customer_name: lead.company_name ?? lead.lead_name,
      company: lead.company,
    }),
  ),
  make(`${LEAD}make_customer`, 'Lead', newCustomer),
  make(`${OPPORTUNITY}make_customer`, 'Opportunity', (opportunity, site) =>
    opportunity.opportunity_from === 'Lead'
      ? newCustomer(site.getDoc('Lead', textOf(opportunity, 'party_name')), site)
      : site.newDoc('Customer', { customer_name: opportunity.customer_name }),
  ),
  make(`${OPPORTUNITY}make_quotation`, 'Opportunity', (opportunity, site) => {
    const quotation = site.newDoc('Quotation', {
      quotation_to: opportunity.opportunity_from,
      party_name: opportunity.party_name,
      customer_name: opportunity.customer_name,
      company: opportunity.company,
      currency: opportunity.currency,
      opportunity: opportunity.name,
    })
    quotation.items = rowsOf(opportunity, 'items').map((row) =>
      quotationRow(row, opportunity, site),
    )
    return quotation
  }),
]

function quotationRow(row: Document, opportunity: Document, site: SiteContext): Document {
  return site.newDoc('Quotation Item', {
    item_code: row.item_code,
    item_name: row.item_name,
    description: row.description,
    uom: row.uom,
    qty: row.qty,
    rate: row.rate,
    prevdoc_doctype: 'Opportunity',
    prevdoc_docname: opportunity.name,
  })
}

function newCustomer(lead: Document, site: SiteContext): Document {
  return site.newDoc('Customer', {
    customer_name: lead.company_name ?? lead.lead_name,
    customer_type: lead.company_name ? 'Company' : 'Individual',
    lead_name: lead.name,
    territory: lead.territory,
  })
}

function make(
  name: string,
  from: string,
  build: (source: Document, site: SiteContext) => Document,
): WhitelistedMethod {
  return {
    name,
    run(site, args) {
      const source = site.getDoc(from, textOf(args, 'source_name'))
      site.checkPermission(from, 'read', source)
      return build(source, site)
    },
  }
}
