import type { SiteState } from './inner-site.ts'

/** All names below `name`, in no particular order. */
export function descendantsOf(state: SiteState, doctype: string, name: string): string[] {
  const parentField = state.metas.get(doctype).parentField
  const byParent = Map.groupBy(state.store.table(doctype).rows(), (row) =>
    String(row[parentField] ?? ''),
  )
  const found: string[] = []
  const pending = [name]
  while (pending.length > 0) {
    const children = byParent.get(pending.pop() ?? '') ?? []
    const names = children.map((row) => String(row.name)).filter((child) => !found.includes(child))
    found.push(...names)
    pending.push(...names)
  }
  return found
}

/** Names from the parent up to the root. */
export function ancestorsOf(state: SiteState, doctype: string, name: string): string[] {
  const parentField = state.metas.get(doctype).parentField
  const table = state.store.table(doctype)
  const found: string[] = []
  let parent = table.get(name)?.[parentField]
  while (parent && !found.includes(String(parent))) {
    found.push(String(parent))
    parent = table.get(String(parent))?.[parentField]
  }
  return found
}
