import { isStewardError } from '../../../shared/errors.ts'
import type { DoctypeDescription, FieldDescription } from '../../../shared/site-protocol.ts'
import { isTable } from './field-lookup.ts'
import { search } from './search-tool.ts'
import { closestWords, similarity } from './text-similarity.ts'
import type { ToolContext } from './tool-context.ts'
import type { SearchMatch } from './tool-contract.ts'
import { ToolFailure } from './tool-failure.ts'

/** A name in a proposal that fits no document, or several. */
export interface Unresolved {
  status: 'ambiguous' | 'not_found'
  fieldname: string
  asked: string
  candidates: SearchMatch[]
}

interface Mention {
  fieldname: string
  doctype: string
  asked: string
  set(name: string): void
}

/**
 * Replaces every Link value that is a title by the document's name. A write never guesses: a value
 * counts only as an exact name, an exact title, or the single one equal but for case. Fields the
 * doctype does not have are refused. `values` is changed in place.
 */
export async function resolveLinks(
  context: ToolContext,
  description: DoctypeDescription,
  values: Record<string, unknown>,
): Promise<Unresolved | null> {
  const mentions = collectMentions(context, description, description.fields, values, '')
  for (const [doctype, group] of Map.groupBy(mentions, (mention) => mention.doctype)) {
    const names = await namesOf(context, doctype, [...new Set(group.map(({ asked }) => asked))])
    if (!names) continue
    for (const mention of group) {
      const found = names.get(mention.asked) ?? []
      if (found.length !== 1) return unresolved(context, mention, found)
      mention.set(found[0]?.name ?? mention.asked)
    }
  }
  return null
}

/** The one document of this name or title, under the same rule. */
export async function resolveTarget(
  context: ToolContext,
  doctype: string,
  asked: string,
): Promise<{ name: string; title: string; modified: string | null } | Unresolved> {
  const names = await namesOf(context, doctype, [asked])
  const found = names?.get(asked) ?? []
  const [only] = found
  if (only && found.length === 1) {
    return { name: only.name, title: only.title, modified: only.modified }
  }
  return unresolved(context, { fieldname: 'name', doctype, asked, set: () => undefined }, found)
}

/** Keys of a child row that are not fields. */
const ROW_KEYS = new Set(['name', 'idx', 'doctype'])

function unknownField(
  description: DoctypeDescription,
  fields: FieldDescription[],
  path: string,
): ToolFailure {
  const names = fields.map((field) => field.fieldname)
  const close = closestWords(path.split('.').at(-1) ?? '', names, 4)
  const hint = close.length > 0 ? ` Did you mean ${close.join(', ')}?` : ''
  return new ToolFailure('unknown_field', `${description.doctype} has no field "${path}".${hint}`)
}

function collectMentions(
  context: ToolContext,
  description: DoctypeDescription,
  fields: FieldDescription[],
  values: Record<string, unknown>,
  prefix: string,
): Mention[] {
  const mentions: Mention[] = []
  for (const [fieldname, value] of Object.entries(values)) {
    const field = fields.find((known) => known.fieldname === fieldname)
    if (!field) {
      if (prefix !== '' && ROW_KEYS.has(fieldname)) continue
      throw unknownField(description, fields, `${prefix}${fieldname}`)
    }
    if (isTable(field) && Array.isArray(value)) {
      for (const [index, row] of value.entries()) {
        const path = `${prefix}${fieldname}[${index + 1}].`
        mentions.push(...collectMentions(context, description, field.fields ?? [], row, path))
      }
      continue
    }
    const doctype = linkedDoctype(field, fields, values)
    if (!doctype || typeof value !== 'string' || value === '') continue
    mentions.push({
      fieldname: `${prefix}${fieldname}`,
      doctype,
      asked: value,
      set: (name) => {
        values[fieldname] = name
      },
    })
  }
  return mentions
}

/** Target of a Link; of a Dynamic Link what its controlling field says, or would say by default. */
function linkedDoctype(
  field: FieldDescription,
  fields: FieldDescription[],
  values: Record<string, unknown>,
): string | null {
  if (field.fieldtype === 'Link') return field.options
  if (field.fieldtype !== 'Dynamic Link' || !field.options) return null
  const given = values[field.options]
  if (typeof given === 'string') return given
  return fields.find((known) => known.fieldname === field.options)?.default ?? null
}

interface Known {
  name: string
  title: string
  modified: string | null
}

/** For each asked text the documents it names; null when this person may not list the doctype. */
async function namesOf(
  context: ToolContext,
  doctype: string,
  asked: string[],
): Promise<Map<string, Known[]> | null> {
  const target = await context.knowledge.tryDescribe(context.actor, context.session, doctype)
  if (!target) return null
  const titleField = target.title_field
  try {
    const rows = await context.session.list(doctype, {
      fields: ['name', 'modified', ...(titleField && titleField !== 'name' ? [titleField] : [])],
      or_filters: [
        ['name', 'in', asked],
        ...(titleField && titleField !== 'name'
          ? [[titleField, 'in', asked] as [string, string, unknown]]
          : []),
      ],
      order_by: 'name asc',
      limit: 200,
    })
    const known = rows.map((row) => ({
      name: String(row.name),
      title: String((titleField ? row[titleField] : null) ?? row.name),
      modified: typeof row.modified === 'string' ? row.modified : null,
    }))
    return new Map(asked.map((text) => [text, fitting(known, text)]))
  } catch (error) {
    if (isStewardError(error, 'site_refused', 'forbidden')) return null
    throw error
  }
}

/** The exact name alone; else all of that title; else all equal but for case. */
function fitting(known: Known[], asked: string): Known[] {
  const exact = known.filter(({ name }) => name === asked)
  if (exact.length > 0) return exact
  const titled = known.filter(({ title }) => title === asked)
  if (titled.length > 0) return titled
  const folded = asked.toLowerCase()
  return known.filter(
    ({ name, title }) => name.toLowerCase() === folded || title.toLowerCase() === folded,
  )
}

async function unresolved(
  context: ToolContext,
  mention: Mention,
  found: Known[],
): Promise<Unresolved> {
  const candidates =
    found.length > 0
      ? found.map((known) => ({
          doctype: mention.doctype,
          name: known.name,
          title: known.title,
          description: null,
          score: similarity(mention.asked, known.title),
        }))
      : (await search(context, { doctype: mention.doctype, text: mention.asked })).matches
  return {
    status: candidates.length > 0 ? 'ambiguous' : 'not_found',
    fieldname: mention.fieldname,
    asked: mention.asked,
    candidates,
  }
}
