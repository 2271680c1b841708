import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { orderStatus } from '../progress/order-status.ts'
import { addToBin } from '../stock/bin.ts'
import { setRequiredDates } from './purchase-order.ts'

export const materialRequest: Controller = {
  validate(document, site, before) {
    fillEmpty(document, 'transaction_date', site.today())
    for (const row of rowsOf(document, 'items')) fillRow(row, document, site)
    setRequiredDates(document)
    if (!before) Object.assign(document, { per_ordered: 0, per_received: 0 })
    document.status = orderStatus(document)
    document.title ||= `${textOf(document, 'material_request_type')} Request for ${firstItems(document)}`
  },
  onSubmit: (document, site) => request(document, 1, site),
  onCancel(document, site) {
    request(document, -1, site)
    site.dbSet('Material Request', document.name, { status: 'Cancelled' }, false)
  },
}

function fillRow(row: Document, document: Document, site: SiteContext): void {
  const code = textOf(row, 'item_code')
  if (!code || !site.exists('Item', code)) return
  const item = site.getDoc('Item', code)
  if (numberOf(row, 'qty') <= 0) {
    refuse(`Row #${row.idx}: Quantity for Item ${code} cannot be zero.`, 'InvalidQtyError')
  }
  for (const field of ['item_name', 'description', 'item_group', 'brand', 'stock_uom']) {
    fillEmpty(row, field, item[field])
  }
  fillEmpty(row, 'uom', item.stock_uom)
  fillEmpty(row, 'conversion_factor', 1)
  fillEmpty(row, 'warehouse', document.set_warehouse ?? defaultWarehouse(item, document))
  const company = site.getDoc('Company', textOf(document, 'company'))
  fillEmpty(row, 'cost_center', company.cost_center)
  fillEmpty(row, 'expense_account', company.default_expense_account)
  row.stock_qty = numberOf(row, 'qty') * numberOf(row, 'conversion_factor')
  row.amount = roundTo(numberOf(row, 'rate') * numberOf(row, 'qty'))
}

function defaultWarehouse(item: Document, document: Document): string {
  const own = rowsOf(item, 'item_defaults').find((row) => row.company === document.company)
  return textOf(own ?? {}, 'default_warehouse')
}

function firstItems(document: Document): string {
  const names = rowsOf(document, 'items').map((row) => textOf(row, 'item_name'))
  return names.slice(0, 3).join(', ').slice(0, 100)
}

function request(document: Document, sign: 1 | -1, site: SiteContext): void {
  for (const row of rowsOf(document, 'items')) {
    if (!row.warehouse) continue
    const quantity = sign * numberOf(row, 'stock_qty')
    addToBin(textOf(row, 'item_code'), textOf(row, 'warehouse'), 'indented_qty', quantity, site)
  }
}
