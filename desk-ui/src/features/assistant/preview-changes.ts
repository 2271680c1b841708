import type { FieldEffect, OperationList, OperationPreview } from '../../bridge/protocol.ts'

export interface PreviewChange {
  operation_id: string
  /** Where it is within the preview, as `place` below writes it. */
  place: string
  label: string
  shape: { fieldtype: string; options: string | null }
  was: unknown
  now: unknown
  /** The fresh preview has nothing in this place any more. */
  gone: boolean
  /** Of the document, for amounts that name no currency of their own. */
  currency: string | null
}

const AMOUNT = { fieldtype: 'Currency', options: null }
const QUANTITY = { fieldtype: 'Float', options: null }

/** Names of the places of a preview in which something may differ. */
export const place = {
  field: (fieldname: string) => `field ${fieldname}`,
  row: (table: string, idx: number) => `row ${table} ${idx} `,
  cell: (table: string, idx: number, fieldname: string) => `row ${table} ${idx} ${fieldname}`,
  ledger: (account: string) => `ledger ${account}`,
  stock: (item: string, warehouse: string) => `stock ${item} in ${warehouse}`,
}

/** What ERPNext would save otherwise now than in the previews that the person approved. */
export function changesSince(list: Pick<OperationList, 'previews' | 'seen_previews'>) {
  const seen = new Map(list.seen_previews?.map((preview) => [preview.operation_id, preview]))
  return list.previews.flatMap((preview): PreviewChange[] => {
    const before = seen.get(preview.operation_id)
    if (!before) return []
    const changes = [
      ...headerChanges(before, preview),
      ...rowChanges(before, preview),
      ...ledgerChanges(before, preview),
      ...stockChanges(before, preview),
    ]
    const { operation_id, currency } = preview
    return changes.map((change) => ({ ...change, operation_id, currency }))
  })
}

type Change = Omit<PreviewChange, 'operation_id' | 'currency'>

function headerChanges(before: OperationPreview, after: OperationPreview): Change[] {
  const known = headerOf(before)
  const fresh = headerOf(after)
  return [...new Map([...known, ...fresh]).values()].flatMap((field) => {
    const { fieldname, label, fieldtype, options } = field
    const was = known.get(fieldname)?.after ?? null
    const now = fresh.get(fieldname)?.after ?? null
    const where = { place: place.field(fieldname), gone: !fresh.has(fieldname) }
    return was === now ? [] : [{ ...where, label, shape: { fieldtype, options }, was, now }]
  })
}

function headerOf({ fields, totals }: OperationPreview): Map<string, FieldEffect> {
  return new Map([...fields, ...totals].map((field) => [field.fieldname, field]))
}

function rowChanges(before: OperationPreview, after: OperationPreview): Change[] {
  const tables = new Map(
    [...before.tables, ...after.tables].map((table) => [table.fieldname, table]),
  )
  return [...tables.values()].flatMap(({ fieldname: table, label: title, columns }) => {
    const seen = rowsOf(before, table)
    const fresh = rowsOf(after, table)
    return [...new Set([...seen.keys(), ...fresh.keys()])].flatMap((idx) =>
      columns.flatMap(({ fieldname, label, fieldtype, options }) => {
        const was = seen.get(idx)?.cells[fieldname]?.after ?? null
        const now = fresh.get(idx)?.cells[fieldname]?.after ?? null
        const where = { place: place.cell(table, idx, fieldname), gone: !fresh.has(idx) }
        const named = { label: `${title} ${idx}, ${label}`, shape: { fieldtype, options } }
        return was === now ? [] : [{ ...where, ...named, was, now }]
      }),
    )
  })
}

function rowsOf({ tables }: OperationPreview, fieldname: string) {
  const rows = tables.find((table) => table.fieldname === fieldname)?.rows ?? []
  return new Map(rows.map((row) => [row.idx, row]))
}

/** What is posted to each account, debit less credit. */
function ledgerChanges(before: OperationPreview, after: OperationPreview): Change[] {
  const posted = ({ ledger }: OperationPreview) =>
    summed(ledger.map(({ account, debit, credit }) => [place.ledger(account), debit - credit]))
  return sumChanges(posted(before), posted(after), AMOUNT)
}

function stockChanges(before: OperationPreview, after: OperationPreview): Change[] {
  const moved = ({ stock }: OperationPreview) =>
    summed(stock.map((entry) => [place.stock(entry.item_code, entry.warehouse), entry.actual_qty]))
  return sumChanges(moved(before), moved(after), QUANTITY)
}

function summed(parts: [place: string, amount: number][]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [where, amount] of parts) sums.set(where, (sums.get(where) ?? 0) + amount)
  return sums
}

function sumChanges(
  before: Map<string, number>,
  after: Map<string, number>,
  shape: Change['shape'],
): Change[] {
  return [...new Map([...before, ...after]).keys()].flatMap((where) => {
    const was = before.get(where) ?? null
    const now = after.get(where) ?? null
    const label = where.replace(/^ledger /, 'Ledger, ').replace(/^stock /, 'Stock, ')
    const gone = !after.has(where)
    return was === now ? [] : [{ place: where, label, shape, was, now, gone }]
  })
}
