import type { DoctypeMatch } from '../../../shared/site-protocol.ts'
import type { ProviderRules } from '../ports.ts'
import type { SearchMatch } from '../tools/tool-contract.ts'
import type { ValueOrigin, ValueOrigins } from '../tools/value-origins.ts'
import { MASKED } from './withheld-values.ts'

type Row = Record<string, unknown>

/** Told of each value that was masked, with the rule that masks it. */
export type OnMasked = (rule: { doctype: string; fieldname: string }, value: unknown) => void

/** A copy of the record with what may not leave replaced, child rows too. */
export function maskRecord(
  rules: ProviderRules,
  origins: ValueOrigins,
  record: Row,
  onMasked: OnMasked = () => undefined,
): Row {
  if (!rules.any) return record
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      const rule = value === null || value === '' ? null : ruleFor(rules, origins, key)
      if (rule) {
        told(value, (single) => onMasked(rule, single))
        return [key, MASKED]
      }
      const child = origins.children[key]
      if (!child || !Array.isArray(value)) return [key, value]
      return [key, value.map((row: Row) => maskRecord(rules, child, row, onMasked))]
    }),
  )
}

/**
 * A hit of a search: its description is made of fields that are not named, its title of the field
 * ERPNext names documents by.
 */
export function maskSearch(
  rules: ProviderRules,
  match: SearchMatch | DoctypeMatch,
): SearchMatch | DoctypeMatch {
  const { doctype } = match
  if (!rules.any || !('title' in match)) return match
  if (rules.hides(doctype)) return { ...match, name: MASKED, title: MASKED, description: null }
  const titles = [
    'title',
    'full_name',
    'subject',
    `${doctype.toLowerCase().replaceAll(' ', '_')}_name`,
  ]
  const masked = titles.some((fieldname) => rules.masks(doctype, fieldname))
  return {
    ...match,
    name: rules.masks(doctype, 'name') ? MASKED : match.name,
    title: masked ? MASKED : match.title,
    description: rules.touches(doctype) ? null : match.description,
  }
}

/** Values of whole child tables are withheld one by one. */
function told(value: unknown, each: (single: unknown) => void): void {
  if (typeof value !== 'object' || value === null) each(value)
  else for (const member of Object.values(value)) told(member, each)
}

/**
 * The rule that withholds this value: of its own field, of the document it names, or of the
 * document it was copied from (ERPNext copies fields of a linked document under the same name, or
 * under the link's name with theirs behind).
 */
function ruleFor(
  rules: ProviderRules,
  origins: ValueOrigins,
  key: string,
): { doctype: string; fieldname: string } | null {
  const own = origins.fields[key] ?? { doctype: origins.doctype, fieldname: key, link: null }
  if (rules.masks(own.doctype, own.fieldname)) return own
  if (own.link && rules.masks(own.link, 'name')) return { doctype: own.link, fieldname: 'name' }
  const links = Object.entries(origins.fields).filter(([name, { link }]) => link && name !== key)
  for (const [name, { link }] of links) {
    const fieldname = copiedField(key, name, own)
    if (rules.masks(link ?? '', fieldname)) {
      // Of a document that is withheld whole, only what carries the link's name is surely its own.
      if (!rules.hides(link ?? '') || key.startsWith(`${name}_`)) {
        return { doctype: link ?? '', fieldname }
      }
    }
  }
  return null
}

function copiedField(key: string, link: string, own: ValueOrigin): string {
  return key.startsWith(`${link}_`) && own.fieldname === key ? key.slice(link.length + 1) : key
}
