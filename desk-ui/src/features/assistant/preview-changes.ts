import type { FieldEffect, OperationList, OperationPreview } from '../../bridge/protocol.ts'

export interface PreviewChange {
  label: string
  shape: { fieldtype: string; options: string | null }
  was: unknown
  now: unknown
  /** Of the document, for amounts that name no currency of their own. */
  currency: string | null
}

const AMOUNT = { fieldtype: 'Currency', options: null }
const QUANTITY = { fieldtype: 'Float', options: null }

/** What ERPNext would now save otherwise than in the preview the person saw. */
export function changesBetween(seen: OperationList, fresh: OperationList): PreviewChange[] {
  return fresh.previews.flatMap((preview, index) => {
    const before = seen.previews[index]
    if (!before) return []
    const changes = [
      ...headerChanges(before, preview),
      ...rowChanges(before, preview),
      ...ledgerChanges(before, preview),
      ...stockChanges(before, preview),
    ]
    return changes.map((change) => ({ ...change, currency: preview.currency }))
  })
}

type Change = Omit<PreviewChange, 'currency'>

function headerChanges(before: OperationPreview, after: OperationPreview): Change[] {
  const known = new Map<string, FieldEffect>()
  for (const field of [...before.fields, ...before.totals]) known.set(field.fieldname, field)
  const now = new Map<string, FieldEffect>()
  for (const field of [...after.fields, ...after.totals]) now.set(field.fieldname, field)
  return [...new Map([...known, ...now]).values()].flatMap((field) => {
    const was = known.get(field.fieldname)?.after ?? null
    const is = now.get(field.fieldname)?.after ?? null
    const { label, fieldtype, options } = field
    return was === is ? [] : [{ label, shape: { fieldtype, options }, was, now: is }]
  })
}

function rowChanges(before: OperationPreview, after: OperationPreview): Change[] {
  const tables = new Map(
    [...before.tables, ...after.tables].map((table) => [table.fieldname, table]),
  )
  return [...tables.values()].flatMap(({ fieldname: name, label: title, columns }) => {
    const seen = rowsOf(before, name)
    const fresh = rowsOf(after, name)
    return [...new Set([...seen.keys(), ...fresh.keys()])].flatMap((idx) =>
      columns.flatMap(({ fieldname, label, fieldtype, options }) => {
        const was = seen.get(idx)?.cells[fieldname]?.after ?? null
        const now = fresh.get(idx)?.cells[fieldname]?.after ?? null
        const place = `${title} ${idx}, ${label}`
        return was === now ? [] : [{ label: place, shape: { fieldtype, options }, was, now }]
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
    summed(ledger.map(({ account, debit, credit }) => [`Ledger, ${account}`, debit - credit]))
  return sumChanges(posted(before), posted(after), AMOUNT)
}

function stockChanges(before: OperationPreview, after: OperationPreview): Change[] {
  const moved = ({ stock }: OperationPreview) =>
    summed(
      stock.map((entry) => [`Stock, ${entry.item_code} in ${entry.warehouse}`, entry.actual_qty]),
    )
  return sumChanges(moved(before), moved(after), QUANTITY)
}

function summed(parts: [label: string, amount: number][]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [label, amount] of parts) sums.set(label, (sums.get(label) ?? 0) + amount)
  return sums
}

function sumChanges(
  before: Map<string, number>,
  after: Map<string, number>,
  shape: Change['shape'],
): Change[] {
  return [...new Map([...before, ...after]).keys()].flatMap((label) => {
    const was = before.get(label) ?? null
    const now = after.get(label) ?? null
    return was === now ? [] : [{ label, shape, was, now }]
  })
}
