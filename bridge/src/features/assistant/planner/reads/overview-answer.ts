import { isStewardError } from '../../../../shared/errors.ts'
import { nameAskedAbout } from '../../routing/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import { takePeriod, Sentence } from '../language/index.ts'
import { resolveName, type ResolvedName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { plural } from '../wording.ts'
import { postponed, textAnswer, type Answer } from './answer.ts'
import { documentAnswer } from './document-answer.ts'
import { measureFor } from './measures.ts'
import { filtersOf } from './query-filters.ts'
import { emptyQuery, type ReadQuery } from './read-query.ts'

const TYPES: Record<string, string> = {
  customer: 'Customer',
  client: 'Customer',
  supplier: 'Supplier',
  vendor: 'Supplier',
  item: 'Item',
}

/** "Cedar Hill School", "how is Cedar Hill doing": one party or item, and how things stand with it. */
export async function overviewAnswer(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const asked = nameAskedAbout(text)
  if (!asked || isKind(asked.name, planner)) return null
  const doctypes = asked.type ? [TYPES[asked.type]!] : ['Customer', 'Supplier', 'Item']
  for (const doctype of doctypes) {
    if (!planner.vocabulary.has(doctype)) continue
    const result = await resolveName(planner.site, doctype, asked.name)
    if (result.status === 'found') return overviewOf(result.match, text, planner)
    if (result.status === 'unsure') return askWhich(doctype, asked.name, result.candidates, planner)
  }
  return null
}

/** "customers": a kind of document, nobody's name. */
function isKind(name: string, { vocabulary }: PlannerTurn): boolean {
  return vocabulary
    .mentions(name)
    .some(
      ({ kind, exact, start, end }) => kind === 'doctype' && exact && end - start === name.length,
    )
}

/** A code alone ("CHAIR-TASK"): its parts may be words of the site, together they are a name. */
export function isCode(text: string): boolean {
  return /^\W*[\p{L}\d]+(?:[-_./][\p{L}\d]+)+[\s?!.]*$/u.test(text)
}

/** Picking one says its name, which is a question by itself. */
async function askWhich(
  doctype: string,
  asked: string,
  candidates: ResolvedName[],
  planner: PlannerTurn,
): Promise<Answer> {
  const noun = planner.vocabulary.label(doctype).toLowerCase()
  const text = `Which ${noun} do you mean by "${asked}"?`
  if (planner.soFar.asked) return postponed(planner.turn.text)
  planner.soFar.asked = true
  const options = candidates.slice(0, 8).map(({ name, title }) => ({
    value: name,
    label: title,
    ...(title !== name && { description: name }),
  }))
  await planner.site.call('ask_person', { text, options, slot: noun })
  return textAnswer(text)
}

interface Standing {
  doctype: string
  statuses: string[]
  /** This year unless the question names another time. */
  dated?: boolean
  words: string
}

const STANDINGS: Record<string, Standing[]> = {
  Customer: [
    { doctype: 'Sales Invoice', statuses: ['unpaid'], words: 'unpaid' },
    { doctype: 'Sales Invoice', statuses: ['overdue'], words: 'overdue' },
    { doctype: 'Sales Invoice', statuses: ['submitted'], dated: true, words: 'invoiced' },
    { doctype: 'Sales Order', statuses: ['open'], words: 'open' },
    { doctype: 'Quotation', statuses: ['open'], words: 'open' },
  ],
  Supplier: [
    { doctype: 'Purchase Invoice', statuses: ['unpaid'], words: 'unpaid' },
    { doctype: 'Purchase Invoice', statuses: ['overdue'], words: 'overdue' },
    { doctype: 'Purchase Invoice', statuses: ['submitted'], dated: true, words: 'billed' },
    { doctype: 'Purchase Order', statuses: ['open'], words: 'open' },
  ],
}

async function overviewOf(
  match: ResolvedName,
  text: string,
  planner: PlannerTurn,
): Promise<Answer> {
  const shown = await documentAnswer(match, planner)
  const standings = STANDINGS[match.doctype] ?? []
  const said: string[] = []
  for (const standing of standings) said.push(...(await told(standing, match, text, planner)))
  if (said.length === 0) return shown
  const [heading, ...rest] = shown.events
  const lines = said.map((line) => `\n- ${line}`).join('')
  const opening = heading?.type === 'text' ? heading.text : ''
  const [first] = standings
  const query = emptyQuery(first!.doctype, 'list')
  query.statuses = first!.statuses
  query.party = { ...match, field: knowledgeOf(first!.doctype)!.party!.field }
  return {
    events: [{ type: 'text', text: `${opening}${lines}` }, ...rest],
    memory: { ...shown.memory, query },
  }
}

/** Nothing about documents this person may not read. */
async function told(
  standing: Standing,
  match: ResolvedName,
  text: string,
  planner: PlannerTurn,
): Promise<string[]> {
  if (!planner.vocabulary.has(standing.doctype)) return []
  try {
    return [await figureOf(standing, match, text, planner)]
  } catch (error) {
    if (isStewardError(error, 'site_refused', 'forbidden', 'not_found')) return []
    throw error
  }
}

async function figureOf(
  { doctype, statuses, dated, words }: Standing,
  match: ResolvedName,
  text: string,
  planner: PlannerTurn,
): Promise<string> {
  const known = knowledgeOf(doctype)!
  const query: ReadQuery = { ...emptyQuery(doctype, 'sum'), statuses }
  query.party = { ...match, field: known.party!.field }
  const isOwed = statuses.includes('unpaid') || statuses.includes('overdue')
  const measure = measureFor(doctype, isOwed ? 'outstanding' : 'amount')!
  const sentence = new Sentence(dated ? text : '')
  const period = dated ? (takePeriod(sentence, planner.today) ?? thisYear(planner)) : null
  if (period && known.date) query.period = { ...period, field: known.date }
  const { table } = await planner.site.call('aggregate', {
    doctype,
    filters: filtersOf(query, planner.turn.today),
    measures: [
      { function: 'sum', field: measure.field, as: 'figure' },
      { function: 'count', as: 'documents' },
    ],
  })
  const row = table.rows[0] ?? {}
  const count = Number(row.documents ?? 0)
  const label = planner.vocabulary.label(doctype)
  const noun = count === 1 ? label : plural(label)
  const when = period ? ` ${period.words}` : ''
  if (count === 0) return `no ${words} ${plural(label)}${when}`
  const currency = table.columns.find(({ key }) => key === 'figure')?.options ?? null
  const amount = planner.wording.money(Number(row.figure ?? 0), currency)
  return isOwed || words === 'open'
    ? `${amount} on ${planner.wording.number(count)} ${words} ${noun}`
    : `${amount} ${words}${when} on ${planner.wording.number(count)} ${noun}`
}

function thisYear({ today }: PlannerTurn) {
  const year = today.date.slice(0, 4)
  return { from: `${year}-01-01`, to: `${year}-12-31`, words: 'this year' }
}
