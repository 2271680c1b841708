import type { FieldEffect, OperationList, OperationPreview } from '../../bridge/protocol.ts'

export interface PreviewChange {
  label: string
  shape: { fieldtype: string; options: string | null }
  was: unknown
  now: unknown
}

/** What ERPNext would now save otherwise than in the preview the person saw. */
export function changesBetween(seen: OperationList, fresh: OperationList): PreviewChange[] {
  return fresh.previews.flatMap((preview, index) => {
    const before = seen.previews[index]
    return before ? [...headerChanges(before, preview), ...rowChanges(before, preview)] : []
  })
}

function headerChanges(before: OperationPreview, after: OperationPreview): PreviewChange[] {
  const known = new Map<string, FieldEffect>()
  for (const field of [...before.fields, ...before.totals]) known.set(field.fieldname, field)
  const now = new Map<string, FieldEffect>()
  for (const field of [...after.fields, ...after.totals]) now.set(field.fieldname, field)
  return [...now.values()].flatMap((field) => {
    const was = known.get(field.fieldname)?.after ?? null
    const { label, fieldtype, options } = field
    return was === field.after
      ? []
      : [{ label, shape: { fieldtype, options }, was, now: field.after }]
  })
}

function rowChanges(before: OperationPreview, after: OperationPreview): PreviewChange[] {
  return after.tables.flatMap((table) => {
    const seen = before.tables.find((candidate) => candidate.fieldname === table.fieldname)
    return table.rows.flatMap((row) =>
      table.columns.flatMap(({ fieldname, label, fieldtype, options }) => {
        const was = seen?.rows.find(({ idx }) => idx === row.idx)?.cells[fieldname]?.after ?? null
        const now = row.cells[fieldname]?.after ?? null
        const place = `${table.label} ${row.idx}, ${label}`
        return was === now ? [] : [{ label: place, shape: { fieldtype, options }, was, now }]
      }),
    )
  })
}
