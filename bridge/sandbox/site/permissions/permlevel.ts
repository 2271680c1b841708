import type { Document } from '../contract.ts'
import { allChildren } from '../documents.ts'
import { emptyValue } from '../field-types.ts'
import type { InnerSite } from '../inner-site.ts'
import type { Meta } from '../metas.ts'
import { permlevels } from './role-permissions.ts'

/** Values at permission levels this user may not write go back to what is stored, or the default. */
export function resetHigherPermlevels(
  site: InnerSite,
  document: Document,
  meta: Meta,
  before: Document | null,
): void {
  if (site.user === 'Administrator') return
  const allowed = permlevels(site, meta, 'write')
  resetPart(site, document, before, meta, allowed)
  if (!before) return
  const stored = new Map(allChildren(before, meta).map((row) => [row.name, row]))
  for (const row of allChildren(document, meta)) {
    const rowMeta = site.state.metas.get(row.doctype)
    resetPart(site, row, stored.get(row.name) ?? null, rowMeta, allowed)
  }
}

function resetPart(
  site: InnerSite,
  part: Document,
  before: Document | null,
  meta: Meta,
  allowed: ReadonlySet<number>,
): void {
  const locked = meta.fields.filter((field) => field.permlevel && !allowed.has(field.permlevel))
  if (locked.length === 0) return
  const source = before ?? site.newDoc(meta.name)
  for (const field of locked) {
    part[field.fieldname] = source[field.fieldname] ?? emptyValue(field.fieldtype)
  }
}

/** Removes what this user may not read, in the document and its child rows. */
export function hideUnreadable(site: InnerSite, document: Document, meta: Meta): void {
  if (site.user === 'Administrator') return
  const allowed = permlevels(site, meta, 'read')
  for (const part of [document, ...allChildren(document, meta)]) {
    for (const field of site.state.metas.get(part.doctype).fields) {
      if (field.permlevel && !allowed.has(field.permlevel)) delete part[field.fieldname]
    }
  }
}
