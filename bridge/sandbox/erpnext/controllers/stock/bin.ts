import type { SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'

/** The Bin of an item in a warehouse: what is there now and what it is worth. */
export function writeBin(
  itemCode: string,
  warehouse: string,
  quantity: number,
  rate: number,
  value: number,
  site: SiteContext,
): void {
  const name = binName(itemCode, warehouse, site)
  const others = site.getDoc('Bin', name)
  site.dbSet('Bin', name, {
    actual_qty: quantity,
    valuation_rate: roundTo(rate, 9),
    stock_value: roundTo(value, 9),
    projected_qty: projected(others, quantity),
  })
}

/** Adds to what is ordered, reserved or requested. */
export function addToBin(
  itemCode: string,
  warehouse: string,
  field: 'ordered_qty' | 'reserved_qty' | 'indented_qty',
  change: number,
  site: SiteContext,
): void {
  const name = binName(itemCode, warehouse, site)
  const bin = site.getDoc('Bin', name)
  bin[field] = roundTo(numberOf(bin, field) + change, 9)
  const values = {
    [field]: bin[field],
    projected_qty: projected(bin, numberOf(bin, 'actual_qty')),
  }
  site.dbSet('Bin', name, values)
}

/** What the warehouse holds, by Bin. */
export function readBin(itemCode: string, warehouse: string, site: SiteContext) {
  const [bin] = site.getAll('Bin', {
    filters: { item_code: itemCode, warehouse },
    fields: ['name', 'actual_qty', 'valuation_rate', 'stock_value'],
    limit_page_length: 1,
  })
  return {
    name: textOf(bin ?? {}, 'name'),
    quantity: numberOf(bin ?? {}, 'actual_qty'),
    rate: numberOf(bin ?? {}, 'valuation_rate'),
  }
}

function binName(itemCode: string, warehouse: string, site: SiteContext): string {
  const { name } = readBin(itemCode, warehouse, site)
  if (name) return name
  const bin = site.dbInsert({
    doctype: 'Bin',
    item_code: itemCode,
    warehouse,
    stock_uom: site.getValue('Item', itemCode, 'stock_uom'),
  })
  return bin.name
}

function projected(bin: Record<string, unknown>, actual: number): number {
  const coming = numberOf(bin, 'ordered_qty') + numberOf(bin, 'indented_qty')
  return roundTo(actual + coming + numberOf(bin, 'planned_qty') - numberOf(bin, 'reserved_qty'), 9)
}
