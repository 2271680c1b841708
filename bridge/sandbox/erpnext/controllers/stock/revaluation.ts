import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { pythonFloat } from '../../format.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { writeBin } from './bin.ts'
import type { StockQueue } from './stock-move.ts'
import { putIn, quantityIn, takeOut, valueOf } from './valuation.ts'

interface Running {
  queue: StockQueue
  rate: number
  value: number
}

/**
 * Replays the entries of an item in a warehouse in posting order (first in, first out), so that an
 * entry posted before others values those again. Refuses when stock would go below zero.
 */
export function revalue(
  itemCode: string,
  warehouse: string,
  changed: Document,
  site: SiteContext,
): void {
  const entries = entriesOf(itemCode, warehouse, site)
  const mayGoNegative = allowsNegative(itemCode, site)
  let state: Running = { queue: [], rate: 0, value: 0 }
  for (const entry of entries) {
    const before = state
    state = step(state, entry, site)
    const quantity = quantityIn(state.queue)
    const isAfter = sortKey(entry) >= sortKey(changed)
    if (quantity < -1e-9 && isAfter && !mayGoNegative) {
      refuseNegative(-quantity, itemCode, warehouse, site)
    }
    writeValues(entry, before, state, site)
  }
  writeBin(itemCode, warehouse, quantityIn(state.queue), state.rate, state.value, site)
}

function entriesOf(itemCode: string, warehouse: string, site: SiteContext) {
  return site
    .getAll('Stock Ledger Entry', {
      filters: { item_code: itemCode, warehouse, is_cancelled: 0 },
      fields: ['*'],
    })
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

function sortKey(entry: Record<string, unknown>): string {
  const time = textOf(entry, 'posting_time').padStart(8, '0')
  return `${textOf(entry, 'posting_date')} ${time} ${textOf(entry, 'creation')}`
}

function step(state: Running, entry: Record<string, unknown>, site: SiteContext): Running {
  const quantity = numberOf(entry, 'actual_qty')
  const counted = textOf(entry, 'voucher_type') === 'Stock Reconciliation'
  if (counted) {
    const rate = numberOf(entry, 'valuation_rate')
    const queue: StockQueue = [[numberOf(entry, 'qty_after_transaction'), rate]]
    return { queue, rate, value: valueOf(queue) }
  }
  if (quantity >= 0) {
    const rate = numberOf(entry, 'incoming_rate') || state.rate || lastRate(entry, site)
    return summed(putIn(state.queue, quantity, rate), rate)
  }
  const taken = takeOut(state.queue, -quantity, state.rate || lastRate(entry, site))
  return summed(taken.queue, state.rate)
}

function summed(queue: StockQueue, lastKnown: number): Running {
  const quantity = quantityIn(queue)
  const value = valueOf(queue)
  return { queue, value, rate: quantity ? value / quantity : lastKnown }
}

/** Where nothing came in yet, the item's own valuation rate stands in. */
function lastRate(entry: Record<string, unknown>, site: SiteContext): number {
  return Number(site.getValue('Item', textOf(entry, 'item_code'), 'valuation_rate') ?? 0)
}

function writeValues(
  entry: Record<string, unknown>,
  before: Running,
  after: Running,
  site: SiteContext,
): void {
  const values = {
    qty_after_transaction: quantityIn(after.queue),
    valuation_rate: roundTo(after.rate, 9),
    stock_value: roundTo(after.value, 9),
    stock_value_difference: roundTo(after.value - before.value),
    stock_queue: JSON.stringify(after.queue),
    ...outgoingRate(entry, before, after),
  }
  const isChanged = Object.entries(values).some(([field, value]) => entry[field] !== value)
  if (isChanged) site.dbSet('Stock Ledger Entry', textOf(entry, 'name'), values, false)
}

/** ERPNext notes the cost of what went out as the entry's incoming rate. */
function outgoingRate(entry: Record<string, unknown>, before: Running, after: Running) {
  const quantity = numberOf(entry, 'actual_qty')
  if (quantity >= 0) return {}
  return { incoming_rate: roundTo((before.value - after.value) / -quantity, 9) }
}

function allowsNegative(itemCode: string, site: SiteContext): boolean {
  return (
    site.getSingle('Stock Settings').allow_negative_stock === 1 ||
    site.getValue('Item', itemCode, 'allow_negative_stock') === 1
  )
}

function refuseNegative(
  missing: number,
  itemCode: string,
  warehouse: string,
  site: SiteContext,
): never {
  const name = textOf(site.getDoc('Item', itemCode), 'item_name')
  refuse(
    `<strong>${pythonFloat(missing)}</strong> units of Item ${itemCode}: ${name} needed in Warehouse ${warehouse} to complete this transaction.`,
    'NegativeStockError',
    'Insufficient Stock',
  )
}
