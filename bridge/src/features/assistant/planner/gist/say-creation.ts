import { knowledgeOf } from '../knowledge/index.ts'
import { resolveName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { Gist } from './gist.ts'
import type { Plain } from './plain.ts'
import { saidAsNext } from './say-next.ts'
import { isItem, partiesCalled, PRONOUN, type Party } from './who-is.ts'

/** "Pemberton Law asked us for a quotation over 3 …": something new is to be made. */
export async function saidAsCreation(gist: Gist, planner: PlannerTurn): Promise<Plain | null> {
  if (/\b(?:not|don't|never|n't)\b/.test(gist.text)) return null
  if (gist.documents.length > 0) return saidAsNext(gist, planner)
  if (gist.lines.length > 0) return ofItems(gist, planner)
  return (await newRecord(gist, planner)) ?? (await itemsToCome(gist, planner))
}

/** "the order of X", "X's order", "orders": nothing new. */
const THERE_ALREADY =
  /(?:\b(?:the|this|that|last|their|its)|['’]s) (?:\w+ ){0,2}(?:order|invoice|quotation|quote|bill|offer|delivery note)\b|\b(?:orders|invoices|quotations|quotes|bills|offers|notes|receipts)\b/

/** "Pemberton Law would like a quotation": which items is asked then. */
async function itemsToCome(gist: Gist, planner: PlannerTurn): Promise<Plain | null> {
  const { names, doctypes, amounts, days, percent, text } = gist
  const kinds = doctypes.filter((doctype) => doctype in SIDES)
  const [doctype] = kinds
  const isBare = amounts.length === 0 && days.length === 0 && percent === null
  const isMade = planner.turn.route.class === 'create' && !THERE_ALREADY.test(text)
  if (!doctype || kinds.length > 1 || !isBare || !isMade || names.length > 1) return null
  const [name] = names
  if (doctypes.some((one) => one !== doctype && !SPOKEN.has(one))) return null
  const party = name ? await partiesCalled(name, planner) : null
  const made = party?.length === 0 ? null : fitting(doctype, party)
  if (!made) return null
  const label = planner.vocabulary.label(made).toLowerCase()
  const side = SIDES[made] === 'Supplier' ? 'from' : 'for'
  return { text: name ? `create ${label} ${side} ${name}` : `create ${label}` }
}

/** "invoice" and "bill" said of one thing: whose it is tells which. */
function oneOfInvoices(kinds: string[]): string[] {
  const isBoth = kinds.includes('Sales Invoice') && kinds.includes('Purchase Invoice')
  return isBoth ? kinds.filter((kind) => kind !== 'Purchase Invoice') : kinds
}

const SIDES: Record<string, Party> = {
  ...{ Quotation: 'Customer', 'Sales Order': 'Customer', 'Sales Invoice': 'Customer' },
  ...{ 'Delivery Note': 'Customer', 'Purchase Order': 'Supplier', 'Purchase Invoice': 'Supplier' },
  ...{ 'Purchase Receipt': 'Supplier', 'Supplier Quotation': 'Supplier' },
}
const COUNTERPARTS: Record<string, string> = {
  ...{ 'Sales Order': 'Purchase Order', 'Purchase Invoice': 'Sales Invoice' },
  'Sales Invoice': 'Purchase Invoice',
}

/** What is meant where no document is named. */
const BY_VERB: [pattern: RegExp, doctype: string][] = [
  [/\b(?:quot(?:e|ed|ing)|offer|propose)\b/, 'Quotation'],
  [/\b(?:charged?|invoiced?|bill|billed)\b/, 'Sales Invoice'],
  [
    /\b(?:buy|purchase|reorder|restock|procure|fetch|supply|running (?:low|out)|(?:send|sends|deliver|get|order|ship) us|from)\b/,
    'Purchase Order',
  ],
  [/\b(?:sell|ordered|orders)\b/, 'Sales Order'],
]

async function ofItems(gist: Gist, planner: PlannerTurn): Promise<Plain | null> {
  const { lines, amounts, percent } = gist
  const names = await withoutItems(gist, planner)
  const kinds = oneOfInvoices(gist.doctypes.filter((doctype) => doctype in SIDES))
  const others = gist.doctypes.filter((doctype) => !(doctype in SIDES) && !SPOKEN.has(doctype))
  if (names.length > 1 || kinds.length > 1 || others.length > 0 || amounts.length > 0) return null
  for (const { item } of lines) if (!(await isItem(item, planner))) return null
  const [name] = names
  const party = name ? await partiesCalled(name, planner) : null
  if (party?.length === 0) return null
  const byVerb = BY_VERB.find(([pattern]) => pattern.test(gist.text))?.[1]
  const bySide = party?.length === 1 && party[0] === 'Supplier' ? 'Purchase Order' : undefined
  const said = kinds[0] ?? byVerb ?? bySide
  const doctype = said && fitting(said, party)
  if (!doctype || gist.days.length > 1) return null
  const who = name ?? (PRONOUN.test(gist.text) ? 'them' : null)
  const side = SIDES[doctype] === 'Supplier' ? 'from' : 'for'
  const listed = lines.map(({ qty, item, rate }) =>
    rate === null ? `${qty} ${item}` : `${qty} ${item} at ${rate} each`,
  )
  const day = gist.days[0] && `, ${dayWords(doctype, planner)} ${gist.days[0]}`
  const off = percent === null ? '' : `, ${percent} % off`
  const to = who ? ` ${side} ${who}` : ''
  return {
    text: `create ${planner.vocabulary.label(doctype).toLowerCase()}${to} with ${listed.join(' and ')}${off}${day ?? ''}`,
  }
}

/** "we're out of gloves": what is bought is in the lines, the word beside them only says why. */
async function withoutItems({ names }: Gist, planner: PlannerTurn): Promise<string[]> {
  const kept: string[] = []
  for (const name of names) {
    const isWord = !/[\p{Lu}\d]/u.test(name) && (await partiesCalled(name, planner)).length === 0
    if (!isWord) kept.push(name)
  }
  return kept
}

/** Kinds of records that are spoken of without being what is made. */
const SPOKEN = new Set(['Customer', 'Supplier', 'Item', 'Item Price', 'Warehouse'])

function fitting(doctype: string, parties: Party[] | null): string | null {
  const side = SIDES[doctype]
  if (!parties || !side || parties.includes(side)) return doctype
  return COUNTERPARTS[doctype] ?? null
}

function dayWords(doctype: string, { vocabulary }: PlannerTurn): string {
  const due = knowledgeOf(doctype)?.due
  if (due === 'valid_till') return 'valid until'
  if (due === 'delivery_date') return 'delivery on'
  if (due === 'due_date') return 'due on'
  return vocabulary.has(doctype) ? 'needed by' : 'on'
}

const NEWLY = /\b(?:new|register|add|set up|called|create|enter|record|put|take on|as an?)\b/
const RECORDS = new Set(['Customer', 'Supplier', 'Lead'])

/** "register X as a new supplier", "we've got a new customer, X". */
async function newRecord(gist: Gist, planner: PlannerTurn): Promise<Plain | null> {
  const { text, doctypes, names, days, percent, amounts } = gist
  const [doctype, ...besides] = doctypes.filter((one) => !PLACE_KINDS.has(one))
  const [name, second] = names
  const isBare = days.length === 0 && percent === null && amounts.length === 0
  if (!doctype || besides.length > 0 || !RECORDS.has(doctype) || !isBare || !name) return null
  if (!NEWLY.test(text) || !/^\p{Lu}|\d/u.test(name) || names.length > 2) return null
  const begun = `create ${doctype.toLowerCase()} ${name}`
  if (!second) return { text: begun }
  if (doctype === 'Lead') {
    return /\b(?:from|of|at)\b/.test(text) ? { text: `${begun} from ${second}` } : null
  }
  for (const [list, field] of PLACES) {
    const { status } = await resolveName(planner.site, list, second)
    if (status === 'found') return { text: `${begun}, ${field} ${second}` }
  }
  return null
}

const PLACE_KINDS = new Set(['Territory', 'Customer Group'])
const PLACES = [
  ['Territory', 'territory'],
  ['Customer Group', 'customer group'],
] as const
