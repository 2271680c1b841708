import type { FieldDescription, Filter } from '../../../../shared/site-protocol.ts'
import { isStewardError } from '../../../../shared/errors.ts'
import { fold, wordsOf } from '../../routing/index.ts'
import { resolveName } from '../names.ts'
import type { SiteReader } from '../site-reader.ts'

export interface FieldWords {
  filters: Filter[]
  words: string
}

/** "high priority", "status replied", "enabled": a Select option or a Check the doctype has. */
export async function optionFilter(
  site: SiteReader,
  doctype: string,
  text: string,
): Promise<FieldWords | null> {
  const { fields } = await site.describe(doctype)
  const asked = wordsOf(text)
  for (const field of fields) {
    if (field.fieldtype === 'Select') {
      const option = matchingOption(field, asked)
      if (option)
        return { filters: [[field.fieldname, '=', option]], words: `${field.label} ${option}` }
    }
    if (field.fieldtype === 'Check' && sameWords(wordsOf(field.label), asked)) {
      return { filters: [[field.fieldname, '=', 1]], words: field.label.toLowerCase() }
    }
  }
  return null
}

function matchingOption(field: FieldDescription, asked: string[]): string | null {
  const label = wordsOf(field.label)
  const without = asked.filter((word) => !label.includes(word) && word !== 'with')
  const options = (field.options ?? '').split('\n').filter((option) => option.trim() !== '')
  return options.find((option) => sameWords(wordsOf(option), without)) ?? null
}

function sameWords(a: string[], b: string[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((word, index) => word === b[index])
}

/** Link targets people filter masters and documents by: "customers in the Retail group". */
const TARGETS = [
  'Territory',
  'Item Group',
  'Customer Group',
  'Supplier Group',
  'Country',
  'Warehouse',
  'Project',
  'Department',
  'Designation',
  'Brand',
  'Price List',
  'Item',
  'Customer',
  'Supplier',
  'User',
]

/** A name of something this doctype links to; at most four targets are searched. */
export async function linkFilter(
  site: SiteReader,
  doctype: string,
  text: string,
): Promise<FieldWords | null> {
  const { fields } = await site.describe(doctype)
  const links = TARGETS.flatMap((target) =>
    fields.filter((field) => field.fieldtype === 'Link' && field.options === target).slice(0, 1),
  )
  const ranked = links.sort((a, b) => closeness(text, b) - closeness(text, a))
  for (const field of ranked.slice(0, 4)) {
    const result = await resolveIfAllowed(site, field.options!, withoutLabel(text, field))
    if (result?.status !== 'found') continue
    const { name, title } = result.match
    return { filters: [[field.fieldname, '=', name]], words: `${field.label} ${title}` }
  }
  return null
}

/** A target this person may not read has no names for them. */
async function resolveIfAllowed(site: SiteReader, doctype: string, asked: string) {
  try {
    return await resolveName(site, doctype, asked)
  } catch (error) {
    if (isStewardError(error) && !isStewardError(error, 'cancelled', 'deadline_exceeded'))
      return null
    throw error
  }
}

/** A label named whole counts most, its last word ("group") somewhat. */
function closeness(text: string, field: FieldDescription): number {
  const last = field.label.split(' ').at(-1)!.toLowerCase()
  return says(text, field) ? 2 : new RegExp(`\\b${last}`, 'i').test(text) ? 1 : 0
}

function says(text: string, field: FieldDescription): boolean {
  return fold(text).includes(fold(field.label))
}

function withoutLabel(text: string, field: FieldDescription): string {
  const last = field.label.split(' ').at(-1)!.toLowerCase()
  if (!says(text, field)) {
    return text.replace(new RegExp(`^(?:the )?${last}s?\\s+|\\s+${last}$`, 'i'), '').trim() || text
  }
  const at = fold(text).indexOf(fold(field.label))
  const rest = `${text.slice(0, at)} ${text.slice(at + field.label.length)}`.trim()
  return rest || text
}
