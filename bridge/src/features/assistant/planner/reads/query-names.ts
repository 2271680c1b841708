import type { Sentence } from '../language/index.ts'
import { isNoName, isStory } from '../gist/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import { bestName, type ResolvedName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { leftovers, type Leftover } from './opening-words.ts'
import type { QueryReading } from './query-reader.ts'
import { optionFilter, linkFilter } from './field-words.ts'
import { ofDoctype } from './other-doctype.ts'

export type NamesResult =
  | { status: 'resolved'; notes: string[] }
  /** Words that name nothing on this site. */
  | { status: 'not_understood'; text: string; asName: string | null }

/** Gives the names left in the sentence their place in the query: party, item or another field. */
export async function resolveNames(
  sentence: Sentence,
  reading: QueryReading,
  planner: PlannerTurn,
): Promise<NamesResult> {
  const notes: string[] = []
  takeOwn(sentence, reading, planner)
  for (const leftover of leftovers(sentence).slice(0, 3)) {
    const text = await understand(leftover, reading, planner, notes)
    if (text) return text
  }
  return { status: 'resolved', notes }
}

async function understand(
  leftover: Leftover,
  reading: QueryReading,
  planner: PlannerTurn,
  notes: string[],
): Promise<NamesResult | null> {
  const { query } = reading
  const option = await optionFilter(planner.site, query.doctype, leftover.text)
  if (option) {
    query.others.push(option)
    return null
  }
  // "book" begins "Bookshop", yet it names nobody.
  if (isStory(leftover.text)) return null
  if (isNoName(leftover.text))
    return { status: 'not_understood', text: leftover.text, asName: null }
  for (const doctype of nameDoctypes(reading, leftover)) {
    const found = await bestName(planner.site, doctype, leftover.text)
    if (!found) continue
    place(query, found.match)
    if (!found.certain || differs(leftover.text, found.match)) {
      notes.push(`I took "${leftover.text}" as ${found.match.title}.`)
    }
    return null
  }
  if (await ofOtherSide(leftover, reading, planner)) return null
  const link = await linkFilter(planner.site, query.doctype, leftover.text)
  if (link) {
    query.others.push(link)
    return null
  }
  const [asName] = nameDoctypes(reading, leftover)
  return { status: 'not_understood', text: leftover.text, asName: leftover.lead ? asName! : null }
}

/** Doctypes a name in this question may belong to, likeliest first. */
function nameDoctypes({ query, subject }: QueryReading, leftover: Leftover): string[] {
  const known = knowledgeOf(query.doctype)
  const parties = known?.party ? [known.party.doctype as string] : []
  if (known?.party?.typeField === 'party_type') parties.push('Supplier')
  const items =
    known?.items || query.doctype === 'Bin' || query.doctype === 'Item Price' ? ['Item'] : []
  const named = subject.besides.filter((doctype) => [...parties, ...items].includes(doctype))
  const first = leftover.lead === 'from' || leftover.lead === 'to' || !items.length ? parties : []
  return [...new Set([...named, ...first, ...parties, ...items])]
}

const OTHER_SIDE: Record<string, string> = {
  'Sales Order': 'Purchase Order',
  'Sales Invoice': 'Purchase Invoice',
}

/** "orders of Atlas Paper Mills", who only sells to us: then it is about what we ordered there. */
async function ofOtherSide(
  leftover: Leftover,
  { query }: QueryReading,
  planner: PlannerTurn,
): Promise<boolean> {
  const other = OTHER_SIDE[query.doctype]
  if (!other || query.party || !planner.vocabulary.has(other)) return false
  const found = await bestName(planner.site, 'Supplier', leftover.text)
  if (!found?.certain) return false
  Object.assign(query, ofDoctype(query, other))
  place(query, found.match)
  return true
}

function place(query: QueryReading['query'], match: ResolvedName): void {
  if (match.doctype === 'Item') query.item = match
  else query.party = { ...match, field: knowledgeOf(query.doctype)?.party?.field ?? 'name' }
}

function differs(asked: string, { name, title }: ResolvedName): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  return ![name, title].some((text) => plain(text).includes(plain(asked)))
}

/** "my to-dos", "assigned to me": the person's own. */
function takeOwn(sentence: Sentence, { query }: QueryReading, planner: PlannerTurn): void {
  const mine = sentence.take(
    /\b(?:assigned to me|allocated to me|for me|i have to do|do i have to do|on my plate|of mine)\b|(?<=^|\s|\u0001)my\b/,
  )
  const field = knowledgeOf(query.doctype)?.person
  if (mine && field) {
    query.others.push({ filters: [[field, '=', planner.turn.person.user]], words: 'of yours' })
  }
}
