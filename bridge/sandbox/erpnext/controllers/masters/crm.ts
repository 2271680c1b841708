import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, numberOf, rowsOf, sumOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { deleteContactAndAddress } from './contact-and-address.ts'
import { companyCurrency, exchangeRate } from '../transaction/currency.ts'

export const lead: Controller = {
  validate(document) {
    const names = [document.first_name, document.middle_name, document.last_name]
    const full = names.filter(Boolean).join(' ')
    if (full) document.lead_name = full
    if (!document.lead_name && !document.company_name) {
      if (!document.email_id)
        refuse("A Lead requires either a person's name or an organization's name")
      document.lead_name = textOf(document, 'email_id').split('@')[0] ?? ''
    }
    document.lead_name ||= document.company_name ?? null
    document.title = textOf(document, 'company_name') || textOf(document, 'lead_name')
  },
  onTrash: deleteContactAndAddress,
}

export const opportunity: Controller = {
  validate(document, site) {
    fillEmpty(document, 'transaction_date', site.today())
    setPartyNames(document, site)
    const company = companyCurrency(document, site)
    fillEmpty(document, 'currency', company)
    if (document.currency === company) document.conversion_rate = 1
    else {
      const date = textOf(document, 'transaction_date')
      const rate = exchangeRate(site, textOf(document, 'currency'), company, date, 'selling')
      fillEmpty(document, 'conversion_rate', rate)
    }
    setAmounts(document, site)
    document.title ||= document.customer_name ?? null
  },
}

function setPartyNames(document: Document, site: SiteContext): void {
  const type = textOf(document, 'opportunity_from')
  const party = textOf(document, 'party_name')
  if (!party) return
  if (!site.exists(type, party)) refuse(`${type} ${party} does not exist`)
  const holder = site.getDoc(type, party)
  document.customer_name =
    type === 'Lead'
      ? (holder.company_name ?? holder.lead_name ?? null)
      : (holder.customer_name ?? null)
  fillEmpty(document, 'territory', holder.territory)
  fillEmpty(document, 'contact_email', holder.email_id)
}

function setAmounts(document: Document, site: SiteContext): void {
  const rate = numberOf(document, 'conversion_rate') || 1
  for (const row of rowsOf(document, 'items')) {
    const code = textOf(row, 'item_code')
    if (code && site.exists('Item', code)) {
      const item = site.getDoc('Item', code)
      fillEmpty(row, 'item_name', item.item_name)
      fillEmpty(row, 'uom', item.stock_uom)
      fillEmpty(row, 'item_group', item.item_group)
      fillEmpty(row, 'description', item.description)
    }
    row.amount = roundTo(numberOf(row, 'rate') * numberOf(row, 'qty'))
    row.base_rate = roundTo(numberOf(row, 'rate') * rate)
    row.base_amount = roundTo(numberOf(row, 'amount') * rate)
  }
  const rows = rowsOf(document, 'items')
  document.total = sumOf(rows, 'amount')
  document.base_total = sumOf(rows, 'base_amount')
  if (rows.length) document.opportunity_amount = document.total
  document.base_opportunity_amount = roundTo(numberOf(document, 'opportunity_amount') * rate)
}
