import { fold, isSlipOf, wordsOf } from '../routing/index.ts'
import { knowledgeOf } from './knowledge/index.ts'
import type { PendingOption } from './memory.ts'
import { ordinalIn } from './mentioned-documents.ts'
import type { PlannerTurn } from './planner-turn.ts'
import type { Slot } from './writes/index.ts'

const YES =
  /^\W*(?:yes|yep|yeah|y|sure|right|correct|exactly|ok|okay|that one|that's it|the first one|this one|yes,? please)\W*$/i
const BARE_PLACE =
  /^\W*(?:(?:the|number|no\.?|option|#|take|use|i mean|i meant|please) ?)*(?:\d{1,2}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|last)(?: one| option| of them)?(?: please)?\W*$/i
const NO_NAME = new Set(
  'the one please a an it i mean meant take use in from of at with to'.split(' '),
)

/** A place in the list, the name itself, or words that fit one option only; null when none is meant. */
export async function chosenOption(
  text: string,
  options: PendingOption[],
  slot: Slot,
  planner: PlannerTurn,
): Promise<string | null> {
  if (options.length === 0) return null
  const asked = fold(text).trim()
  const exact = options.find(({ name, title }) => fold(name) === asked || fold(title) === asked)
  if (exact) return exact.name
  if (options.length === 1 && YES.test(text)) return options[0]!.name
  if (BARE_PLACE.test(text)) return options.at(ordinalIn(withoutPlease(text)) ?? 99)?.name ?? null
  const words = wordsOf(text).filter((word) => !NO_NAME.has(word))
  if (words.length === 0 || words.length > 6) return null
  const ofName = ({ name, title }: PendingOption) => wordsOf(`${name} ${title}`)
  return (
    onlyFit(words, options, ofName, (word, own) => own.startsWith(word)) ??
    onlyFit(words, options, ofName, isSlipOf) ??
    onlyFit(
      words,
      options,
      ({ about = '' }) => wordsOf(about),
      (word, own) => own === word,
    ) ??
    (await byWhatIsKnown(words, options, slot, planner))
  )
}

function withoutPlease(text: string): string {
  return text.replace(/ (?:please|option|of them)\W*$/i, '')
}

function onlyFit(
  words: string[],
  options: PendingOption[],
  of: (option: PendingOption) => string[],
  fits: (word: string, own: string) => boolean,
): string | null {
  const found = options.filter((option) => {
    const own = of(option)
    return words.every((word) => own.some((other) => fits(word, other)))
  })
  return found.length === 1 ? found[0]!.name : null
}

/** "the one in Berlin": what ERPNext knows of each, its address, territory or group. */
async function byWhatIsKnown(
  words: string[],
  options: PendingOption[],
  { doctypes }: Slot,
  { site }: PlannerTurn,
): Promise<string | null> {
  const doctype = doctypes[0]
  if (!doctype || !PLACED.has(doctype)) return null
  const { fields } = await site.describe(doctype)
  const known = new Set(fields.map(({ fieldname }) => fieldname))
  const wanted = [...(knowledgeOf(doctype)?.columns ?? []), ...MORE].filter(
    (field) => field === 'name' || known.has(field),
  )
  const { table } = await site.call('list_records', {
    doctype,
    fields: [...new Set(['name', ...wanted])],
    filters: [['name', 'in', options.map(({ name }) => name)]],
    limit: 20,
  })
  const rows = new Map(table.rows.map((row) => [String(row.name), Object.values(row).join(' ')]))
  const fit = (own: (option: PendingOption) => string) =>
    onlyFit(
      words,
      options,
      (option) => wordsOf(own(option)),
      (word, other) => word === other,
    )
  const byRecord = fit(({ name }) => rows.get(name) ?? '')
  if (byRecord || !doctypes.some((one) => WITH_ADDRESS.has(one))) return byRecord
  const places = new Map<string, string>()
  for (const { name } of options) places.set(name, await addressesOf(doctype, name, site))
  return fit(({ name }) => places.get(name) ?? '')
}

const WITH_ADDRESS = new Set(['Customer', 'Supplier', 'Lead'])
const PLACED = new Set([...WITH_ADDRESS, 'Item', 'Contact', 'Employee'])
const MORE = ['primary_address', 'territory', 'country', 'city', 'mobile_no', 'email_id', 'brand']

async function addressesOf(
  doctype: string,
  name: string,
  site: PlannerTurn['site'],
): Promise<string> {
  const { table } = await site.call('list_records', {
    doctype: 'Address',
    fields: ['name', 'address_line1', 'city', 'state', 'country'],
    filters: [
      ['links.link_doctype', '=', doctype],
      ['links.link_name', '=', name],
    ],
    limit: 5,
  })
  return table.rows.map((row) => Object.values(row).join(' ')).join(' ')
}
