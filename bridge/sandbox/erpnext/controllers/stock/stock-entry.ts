import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, numberOf, rowsOf, sumOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { postLedger, reverseLedger } from '../ledger/general-ledger.ts'
import { OWN_LEDGERS } from '../ledger/own-ledgers.ts'
import { conversionFactor } from '../transaction/item-details.ts'
import { readBin } from './bin.ts'
import type { StockMove } from './stock-move.ts'
import { stockLines } from './stock-lines.ts'
import { postStock, reverseStock } from './stock-ledger.ts'

const NEEDS_SOURCE = ['Material Issue', 'Material Transfer']
const NEEDS_TARGET = ['Material Receipt', 'Material Transfer']

export const stockEntry: Controller = {
  ignoreLinkedDoctypes: OWN_LEDGERS,
  validate(document, site) {
    setHeader(document, site)
    for (const row of rowsOf(document, 'items')) fillRow(row, document, site)
    for (const row of rowsOf(document, 'items')) checkRow(row, document)
    setValues(document)
  },
  onSubmit(document, site) {
    postStock(document, movesOf(document), site)
    postLedger(
      document,
      stockLines(document, (row) => textOf(row, 'expense_account'), site),
      site,
    )
  },
  onCancel(document, site) {
    reverseStock(document, site)
    reverseLedger(document, site)
  },
}

function setHeader(document: Document, site: SiteContext): void {
  const type = textOf(document, 'stock_entry_type')
  if (type && site.exists('Stock Entry Type', type)) {
    document.purpose = site.getValue('Stock Entry Type', type, 'purpose')
  }
  fillEmpty(document, 'company', textOf(site.getSingle('Global Defaults'), 'default_company'))
  if (document.set_posting_time !== 1) {
    document.posting_date = site.today()
    document.posting_time = site.now().slice(11)
  }
}

function fillRow(row: Document, document: Document, site: SiteContext): void {
  const code = textOf(row, 'item_code')
  if (!code || !site.exists('Item', code)) return
  const item = site.getDoc('Item', code)
  const company = site.getDoc('Company', textOf(document, 'company'))
  for (const field of ['item_name', 'description', 'item_group', 'stock_uom']) {
    fillEmpty(row, field, item[field])
  }
  fillEmpty(row, 'uom', item.stock_uom)
  const given = textOf(row, 'uom') === item.stock_uom ? 0 : numberOf(row, 'conversion_factor')
  row.conversion_factor = given || conversionFactor(item, textOf(row, 'uom'), site)
  fillEmpty(row, 's_warehouse', document.from_warehouse)
  fillEmpty(row, 't_warehouse', document.to_warehouse)
  fillEmpty(row, 'cost_center', company.cost_center)
  fillEmpty(row, 'expense_account', company.stock_adjustment_account)
  row.transfer_qty = numberOf(row, 'qty') * numberOf(row, 'conversion_factor')
  const source = textOf(row, 's_warehouse')
  if (source) row.basic_rate = readBin(code, source, site).rate
  else if (!numberOf(row, 'basic_rate')) row.basic_rate = numberOf(item, 'valuation_rate')
  row.basic_amount = roundTo(numberOf(row, 'basic_rate') * numberOf(row, 'transfer_qty'))
  row.valuation_rate = row.basic_rate
  row.amount = row.basic_amount
}

function checkRow(row: Document, document: Document): void {
  const purpose = textOf(document, 'purpose')
  const [source, target] = [textOf(row, 's_warehouse'), textOf(row, 't_warehouse')]
  if (!numberOf(row, 'qty')) {
    refuse(`Row #${row.idx}: Quantity for Item ${textOf(row, 'item_code')} cannot be zero.`)
  }
  if (NEEDS_SOURCE.includes(purpose) && !source) {
    refuse(`Source warehouse is mandatory for row ${row.idx}`)
  }
  if (NEEDS_TARGET.includes(purpose) && !target) {
    refuse(`Target warehouse is mandatory for row ${row.idx}`)
  }
  if (purpose === 'Material Receipt') row.s_warehouse = null
  if (purpose === 'Material Issue') row.t_warehouse = null
  if (source && source === target && purpose !== 'Material Transfer') {
    refuse(`Source and target warehouse cannot be same for row ${row.idx}`)
  }
}

function setValues(document: Document): void {
  const rows = rowsOf(document, 'items')
  document.total_incoming_value = sumOf(
    rows.filter((row) => row.t_warehouse),
    'amount',
  )
  document.total_outgoing_value = sumOf(
    rows.filter((row) => row.s_warehouse),
    'amount',
  )
  document.value_difference =
    numberOf(document, 'total_incoming_value') - numberOf(document, 'total_outgoing_value')
  document.total_amount = sumOf(rows, 'amount')
}

function movesOf(document: Document): StockMove[] {
  return rowsOf(document, 'items').flatMap((row) => {
    const quantity = numberOf(row, 'transfer_qty')
    const move = { itemCode: textOf(row, 'item_code'), detail: row.name }
    const [source, target] = [textOf(row, 's_warehouse'), textOf(row, 't_warehouse')]
    const rate = numberOf(row, 'valuation_rate')
    const out = { ...move, warehouse: source, quantity: -quantity, incomingRate: null }
    const into = { ...move, warehouse: target, quantity, incomingRate: rate }
    return [...(source ? [out] : []), ...(target ? [into] : [])]
  })
}
