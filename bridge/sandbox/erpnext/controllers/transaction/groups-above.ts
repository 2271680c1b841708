import type { SiteContext } from '../../../site/contract.ts'
import { textOf } from '../../document-fields.ts'

/** A node of a tree and all above it, nearest first; nothing for an empty or unknown name. */
export function groupsAbove(doctype: string, name: string, site: SiteContext): string[] {
  const parentField = `parent_${doctype.replaceAll(' ', '_').toLowerCase()}`
  const found: string[] = []
  for (let at = name; at && site.exists(doctype, at) && !found.includes(at);) {
    found.push(at)
    at = textOf({ parent: site.getValue(doctype, at, parentField) }, 'parent')
  }
  return found
}
