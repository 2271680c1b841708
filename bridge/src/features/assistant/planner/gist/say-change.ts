import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { resolveName } from '../names.ts'
import type { Gist } from './gist.ts'
import type { Plain } from './plain.ts'
import { todoMeant } from './todo-meant.ts'
import { isItem, partiesCalled, PRONOUN } from './who-is.ts'

/** A change of what is there: of a document, a party, an item's price, a to-do, a lead. */
export async function saidAsChange(gist: Gist, planner: PlannerTurn): Promise<Plain | null> {
  const said =
    gist.documents.length > 0
      ? await ofDocument(gist, planner)
      : ((await ofTodo(gist, planner)) ??
        (await ofParty(gist, planner)) ??
        (await ofPrice(gist, planner)) ??
        (await ofStatus(gist, planner)))
  return said === null ? null : { text: said }
}

const NEGATED = /\b(?:not|don't|never|n't)\b/
const MORE =
  /\b(?:add|put|stick|slip|tack|attach|onto|slot|include|throw|too|also|another|more|needs?|gets?|contain)\b/
const LESS = /\b(?:remove|take|drop|strike|cross|delete|leave)\b/
const TO_PARTY =
  /\b(?:customer|client|supplier|vendor|(?:go|goes|be|is|was|meant|made|addressed|sent|issued)(?: out)? (?:to|for)|wrong|belongs?)\b/

/** Exactly one thing of a document changes. */
async function ofDocument(gist: Gist, planner: PlannerTurn): Promise<string | null> {
  const { text, documents, percent, days, lines, names, amounts } = gist
  const [document, ...others] = documents
  const named = [percent === null ? 0 : 1, days.length, lines.length, names.length, amounts.length]
  const count = named.reduce((sum, one) => sum + one, 0)
  if (!document || others.length > 0 || count !== 1 || NEGATED.test(text)) return null
  const { doctype, name } = document
  if (percent !== null) {
    return /\b(?:off|discount|rebate|less|reduction|cheaper)\b/.test(text)
      ? `give ${percent} % discount on ${name}`
      : null
  }
  if (days[0]) return `change the ${dayField(text, doctype)} of ${name} to ${days[0]}`
  const [line] = lines
  if (line) {
    const isAdded = MORE.test(text) && (await isItem(line.item, planner))
    const rate = line.rate === null ? '' : ` at ${line.rate} each`
    return isAdded ? `add ${line.qty} ${line.item}${rate} to ${name}` : null
  }
  return names[0] ? ofName(gist, document, names[0], planner) : null
}

async function ofName(
  { text }: Gist,
  { doctype, name }: { doctype: string; name: string },
  asked: string,
  planner: PlannerTurn,
): Promise<string | null> {
  const party = knowledgeOf(doctype)?.party?.doctype
  const parties = await partiesCalled(asked, planner)
  if (party && parties.includes(party) && TO_PARTY.test(text)) {
    return `change the ${party.toLowerCase()} of ${name} to ${asked}`
  }
  const isRemoved = parties.length === 0 && LESS.test(text) && (await isItem(asked, planner))
  return isRemoved ? `remove ${asked} from ${name}` : null
}

function dayField(text: string, doctype: string): string {
  if (/\b(?:valid|validity|expir\w+|runs?|lasts?|good|stand)\b/.test(text)) return 'valid till'
  if (/\b(?:deliver\w*|ship\w*)\b/.test(text)) return 'delivery date'
  if (/\b(?:due|pay|payable|paid)\b/.test(text)) return 'due date'
  const due = knowledgeOf(doctype)?.due
  return due === 'schedule_date' ? 'required by' : (due ?? 'date').replaceAll('_', ' ')
}

const DONE =
  /\b(?:done|finished|completed?|ticked?|tick|cross|check(?:ed)? off|settled|taken care|dealt with|closed?|is \w+ed)\b/

async function ofTodo(gist: Gist, planner: PlannerTurn): Promise<string | null> {
  if (gist.lines.length > 0 || gist.percent !== null || gist.days.length > 1) return null
  if (!gist.doctypes.includes('ToDo')) return null
  const todo = await todoMeant(gist, planner)
  if (!todo) return null
  if (gist.days[0]) return `change the due date of to-do ${todo} to ${gist.days[0]}`
  return DONE.test(gist.text) && !NEGATED.test(gist.text) ? `close to-do ${todo}` : null
}

const FIELDS: [pattern: RegExp, field: string, doctype: string][] = [
  [/\b(?:territory|region)\b/, 'territory', 'Territory'],
  [/\bgroup\b/, 'customer group', 'Customer Group'],
  [/\bterms?\b/, 'payment terms', 'Payment Terms Template'],
]
const OFF =
  /\b(?:disabled?|deactivated?|block(?:ed)?|lock(?:ed)?|(?:switch|turn)(?:ed)?\b.*\boff)\b/
const ON = /\b(?:enabled?|reactivated?|unblock(?:ed)?)\b/

/** A customer or a supplier: switched off, allowed less, moved to another territory, group or terms. */
async function ofParty(gist: Gist, planner: PlannerTurn): Promise<string | null> {
  const { text, names, amounts, days, percent, lines, doctypes } = gist
  const isBare = days.length === 0 && percent === null && lines.length === 0
  if (!isBare || doctypes.some((one) => !PARTIES.has(one))) return null
  const terms = /\bnet (\d+)\b/.exec(text)
  const before = /\bfrom ([\p{L} ]+?) to\b/u.exec(text)?.[1]
  const values = names.filter(
    (name) => (!terms || !/^net$/i.test(name)) && name.toLowerCase() !== before,
  )
  const numbers = terms ? [] : amounts
  const [who, value] = await ordered(values, planner)
  if (who === null)
    return placed(text, terms ? terms[0] : (value ?? null), 'it', 'Customer', planner)
  if (!who) return null
  const { name, doctype } = who
  if (numbers.length === 1 && !value) {
    const isCredit = /\b(?:credit|owe|limit|debt|account)\b/.test(text)
    return isCredit ? `set the credit limit of ${name} to ${numbers[0]}` : null
  }
  if (numbers.length > 0) return null
  if (!value && !terms && OFF.test(text)) return `disable ${doctype.toLowerCase()} ${name}`
  if (!value && !terms && ON.test(text) && !NEGATED.test(text))
    return `enable ${doctype.toLowerCase()} ${name}`
  const asked = terms ? terms[0] : (value ?? null)
  return NEGATED.test(text)
    ? null
    : placed(text, asked, `${doctype.toLowerCase()} ${name}`, doctype, planner)
}

const PARTIES = new Set(['Customer', 'Supplier', 'Territory', 'Customer Group', 'Supplier Group'])

type Who = { name: string; doctype: string }

/** The one name that is somebody, then the other; null for somebody when only a pronoun stands for them. */
async function ordered(
  names: string[],
  planner: PlannerTurn,
): Promise<[who: Who | null | undefined, value: string | undefined]> {
  if (names.length > 2) return [undefined, undefined]
  for (const [index, name] of names.entries()) {
    const [doctype] = await partiesCalled(name, planner)
    if (doctype) return [{ name, doctype }, names[1 - index]]
  }
  const isSpokenOf = names.length < 2 && PRONOUN.test(planner.turn.text.toLowerCase())
  return [isSpokenOf ? null : undefined, names[0]]
}

/** The field whose list of names holds the value; the word for the field decides where it is said. */
async function placed(
  text: string,
  value: string | null,
  target: string,
  doctype: string,
  planner: PlannerTurn,
): Promise<string | null> {
  if (!value) return null
  const said = FIELDS.filter(([pattern]) => pattern.test(text))
  for (const [, field, options] of said.length > 0 ? said : FIELDS) {
    const own = doctype === 'Supplier' && options === 'Customer Group'
    const list = own ? 'Supplier Group' : options
    if (!planner.vocabulary.has(list) && said.length === 0) continue
    const { status } = await resolveName(planner.site, list, value)
    if (status === 'found') {
      return `change the ${own ? 'supplier group' : field} of ${target} to ${value}`
    }
  }
  return null
}

async function ofPrice(gist: Gist, planner: PlannerTurn): Promise<string | null> {
  const { text, names, amounts, lines, doctypes } = gist
  if (!/\b(?:price|costs?|rate|sell)\b/.test(text) || NEGATED.test(text)) return null
  if (names.length !== 1 || amounts.length !== 1 || lines.length > 0) return null
  if (doctypes.some((one) => one !== 'Item Price' && one !== 'Item')) return null
  return (await isItem(names[0]!, planner))
    ? `change the price of ${names[0]} to ${amounts[0]}`
    : null
}

/** "lead X is interested now": one of the states that this kind of record has. */
async function ofStatus(gist: Gist, planner: PlannerTurn): Promise<string | null> {
  const { names, doctypes, amounts, days, lines, text } = gist
  const [doctype] = doctypes
  if (!doctype || doctypes.length > 1 || names.length === 0 || names.length > 2) return null
  if (amounts.length + days.length + lines.length > 0 || NEGATED.test(text)) return null
  const { fields, is_submittable } = await planner.site.describe(doctype)
  const field = fields.find(({ fieldname }) => fieldname === 'status')
  if (field?.fieldtype !== 'Select' || is_submittable) return null
  const options = (field.options ?? '').split('\n').filter(Boolean)
  const label = planner.vocabulary.label(doctype)
  const said = options.filter(
    (option) => option !== label && new RegExp(`\\b${option.toLowerCase()}\\b`).test(text),
  )
  const state = said.length === 1 ? said[0] : undefined
  const called = names.filter((name) => name.toLowerCase() !== state?.toLowerCase())
  return state && called.length === 1
    ? `mark ${label.toLowerCase()} ${called[0]} as ${state}`
    : null
}
