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
      const empty = value === null || value === ''
      const rule = empty ? null : ruleFor(rules, origins, key, record)
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
  const masked = masksTitle(rules, doctype)
  // Many documents are named by their title.
  const named = rules.masks(doctype, 'name') || (masked && match.name === match.title)
  return {
    ...match,
    name: named ? MASKED : match.name,
    title: masked ? MASKED : match.title,
    description: rules.touches(doctype) ? null : match.description,
  }
}

/** The name of such a document may not leave: its own field, or the title it may have been named by. */
export function withholdsName(rules: ProviderRules, doctype: string): boolean {
  return rules.masks(doctype, 'name') || masksTitle(rules, doctype)
}

function masksTitle(rules: ProviderRules, doctype: string): boolean {
  const own = `${doctype.toLowerCase().replaceAll(' ', '_')}_name`
  return ['title', 'full_name', 'subject', own].some((field) => rules.masks(doctype, field))
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
  record: Row,
): { doctype: string; fieldname: string } | null {
  const own = origins.fields[key] ?? { doctype: origins.doctype, fieldname: key, link: null }
  if (rules.masks(own.doctype, own.fieldname)) return own
  const linked = linkOf(own, record)
  if (linked && withholdsName(rules, linked)) return { doctype: linked, fieldname: 'name' }
  // A name of nobody knows what: it may be of a document that is withheld.
  if (own.link_in && !linked) return own
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

/** What a Dynamic Link names stands in another field of the record. */
function linkOf({ link, link_in }: ValueOrigin, record: Row): string | null {
  if (!link_in) return link
  const doctype = record[link_in]
  return typeof doctype === 'string' && doctype !== '' ? doctype : null
}

function copiedField(key: string, link: string, own: ValueOrigin): string {
  return key.startsWith(`${link}_`) && own.fieldname === key ? key.slice(link.length + 1) : key
}
