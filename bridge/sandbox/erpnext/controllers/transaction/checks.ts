import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { isReturn, partyOf, partyTypeOf } from './kinds.ts'

/** Looks the items up, as ERPNext does for their details. */
export function findItems(document: Document, site: SiteContext): void {
  for (const row of rowsOf(document, 'items')) {
    const code = textOf(row, 'item_code')
    if (code && !site.exists('Item', code)) refuse(`Item ${code} not found`, 'DoesNotExistError')
  }
}

/** Refusals that come before anything is computed. */
export function checkBefore(document: Document, site: SiteContext): void {
  if (isReturn(document)) return
  for (const row of rowsOf(document, 'items')) {
    const code = textOf(row, 'item_code') || textOf(row, 'item_name')
    const quantity = numberOf(row, 'qty')
    if (!quantity && document.is_debit_note !== 1) {
      refuse(
        `Row #${row.idx}: Quantity for Item <strong>${code}</strong> cannot be zero.`,
        'InvalidQtyError',
      )
    }
    if (quantity < 0) refuse(`For an item ${code}, quantity must be positive number`)
  }
  checkParty(document, site)
}

/** Refusals that need the filled document. */
export function checkAfter(document: Document, site: SiteContext): void {
  checkTaxRows(document)
  checkItems(document, site)
  if (!isReturn(document) && numberOf(document, 'base_grand_total') < 0) {
    refuse('Incorrect value: Grand Total (Company Currency) must be >= 0.0')
  }
}

function checkParty(document: Document, site: SiteContext): void {
  const type = partyTypeOf(document)
  const party = partyOf(document)
  if (!type || !party || !site.exists(type, party)) return
  if (site.getValue(type, party, 'disabled') === 1)
    refuse(`${type} ${party} is disabled`, 'PartyDisabled')
  if (type === 'Customer' && site.getValue(type, party, 'is_frozen') === 1) {
    refuse(`${type} ${party} is frozen`, 'PartyFrozen')
  }
  if (type === 'Supplier' && site.getValue(type, party, 'on_hold') === 1) {
    const hold = site.getValue(type, party, 'hold_type') || 'All'
    const blocks = hold === 'All' || (hold === 'Invoices' && document.doctype.endsWith('Invoice'))
    if (blocks) refuse(`${party} is blocked so this transaction cannot proceed`)
  }
}

/** The active fiscal year a booking's date lies in. */
export function fiscalYearOf(date: string, site: SiteContext): string {
  const [year] = site.getAll('Fiscal Year', {
    filters: [
      ['year_start_date', '<=', date],
      ['year_end_date', '>=', date],
      ['disabled', '=', 0],
    ],
    limit_page_length: 1,
  })
  if (!year) refuse(`Date ${date} is not in any active Fiscal Year`, 'FiscalYearError')
  return textOf(year, 'name')
}

function checkTaxRows(document: Document): void {
  rowsOf(document, 'taxes').forEach((tax, index) => {
    const type = textOf(tax, 'charge_type')
    const refersBack = type.startsWith('On Previous Row')
    const rowId = numberOf(tax, 'row_id')
    if (refersBack && index === 0) {
      refuse(
        "Cannot select charge type as 'On Previous Row Amount' or 'On Previous Row Total' for first row",
      )
    }
    if (refersBack && !rowId)
      refuse(`Please specify a valid Row ID for row ${tax.idx} in table taxes`)
    if (refersBack && rowId >= tax.idx) {
      refuse(
        'Cannot refer row number greater than or equal to current row number for this Charge type',
      )
    }
    if (type === 'Actual' && tax.included_in_print_rate === 1) {
      refuse(
        `Charge of type 'Actual' in row ${tax.idx} cannot be included in Item Rate or Paid Amount`,
      )
    }
  })
}

function checkItems(document: Document, site: SiteContext): void {
  const selling = ['Quotation', 'Sales Order', 'Delivery Note', 'Sales Invoice'].includes(
    document.doctype,
  )
  for (const row of rowsOf(document, 'items')) {
    const code = textOf(row, 'item_code')
    if (!code) continue
    if (selling && site.getValue('Item', code, 'is_sales_item') !== 1) {
      refuse(`Item ${code} must be a Sales Item`)
    }
    if (!selling && site.getValue('Item', code, 'is_purchase_item') !== 1) {
      refuse(`Following item ${code} is not marked as Purchase Item`)
    }
    checkWholeNumber(row, site)
    checkDiscount(row, site)
  }
}

function checkWholeNumber(row: Document, site: SiteContext): void {
  const uom = textOf(row, 'uom')
  if (!uom || !site.exists('UOM', uom)) return
  if (site.getValue('UOM', uom, 'must_be_whole_number') !== 1) return
  const quantity = numberOf(row, 'qty')
  if (Math.abs(quantity - Math.round(quantity)) > 1e-7) {
    refuse(
      `Row ${row.idx}: Quantity (${quantity}) cannot be a fraction. To allow this, disable '<strong>Must be Whole Number</strong>' in UOM <strong>${uom}</strong>.`,
      'UOMMustBeIntegerError',
    )
  }
}

function checkDiscount(row: Document, site: SiteContext): void {
  const allowed = Number(site.getValue('Item', textOf(row, 'item_code'), 'max_discount') ?? 0)
  if (
    !allowed ||
    !['Quotation Item', 'Sales Order Item', 'Delivery Note Item', 'Sales Invoice Item'].includes(
      row.doctype,
    )
  )
    return
  if (numberOf(row, 'discount_percentage') > allowed) {
    refuse(`Maximum discount for Item ${textOf(row, 'item_code')} is ${allowed}%`)
  }
}
