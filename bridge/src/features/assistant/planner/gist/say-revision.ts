import { resolveName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { Gist } from './gist.ts'
import { isItem, partiesCalled } from './who-is.ts'

const MORE = /\b(?:add|too|also|as well|more|another|extra|plus|additionally|on top|and|throw)\b/
const LESS = /\b(?:without|remove|drop|leave|skip|omit|take off|forget|cross|strike|delete)\b/
const EACH = /\b(?:each|apiece|a piece|per piece|rate|price)\b/
const NO_PARTY = new Set(['Customer', 'Supplier', 'Item', 'Item Price'])

/** What is proposed, put differently in whatever words: exactly one thing of it changes. */
export async function saidAsRevision(gist: Gist, planner: PlannerTurn): Promise<string | null> {
  const { documents, doctypes, percent, days, lines, amounts, names } = gist
  if (documents.length > 0 || doctypes.some((doctype) => !NO_PARTY.has(doctype))) return null
  const named = [percent === null ? 0 : 1, days.length, lines.length, amounts.length, names.length]
  const swapped = await swap(gist, planner)
  if (swapped) return swapped
  if (named.reduce((sum, count) => sum + count, 0) !== 1) return null
  if (percent !== null) return LESS.test(gist.text) ? null : `with ${percent} % discount`
  if (days[0]) return `make it by ${days[0]}`
  if (amounts[0] !== undefined)
    return EACH.test(gist.text) ? `make it at ${amounts[0]} each` : `make it ${amounts[0]}`
  return lines[0] ? lineChange(gist, planner) : nameChange(gist, planner)
}

async function lineChange({ text, lines }: Gist, planner: PlannerTurn): Promise<string | null> {
  const { qty, item, rate } = lines[0]!
  const own = planner.memory?.proposed?.items ?? []
  const result = await resolveName(planner.site, 'Item', item)
  if (result.status === 'not_found') return null
  const fits = result.status === 'found' ? [result.match] : result.candidates
  const isOnIt = own.some(({ item_code }) => fits.some(({ name }) => name === item_code))
  if (!isOnIt) {
    const at = rate === null ? '' : ` at ${rate} each`
    return MORE.test(text) ? `add ${qty} ${item}${at}` : null
  }
  // "two more chairs" of what is on it already: more of it, which no plain sentence says.
  if (/\b(?:more|another|extra|add)\b/.test(text) || rate !== null) return null
  return own.length === 1 ? `make it ${qty}` : `make it ${qty} ${item}`
}

/** "swap the desk for DESK-140" */
async function swap({ text, names, lines, amounts }: Gist, planner: PlannerTurn) {
  const [, item] = names
  const isOne = planner.memory?.proposed?.items.length === 1 && lines.length + amounts.length === 0
  if (!item || names.length !== 2 || !isOne || !/\b(?:swap|replace|exchange)\b/.test(text))
    return null
  return (await isItem(item, planner)) ? `use ${item} instead` : null
}

async function nameChange({ text, names }: Gist, planner: PlannerTurn): Promise<string | null> {
  const [name = ''] = names
  if ((await partiesCalled(name, planner)).length > 0)
    return LESS.test(text) ? null : `make it for ${name}`
  if (!(await isItem(name, planner))) return null
  if (LESS.test(text)) return `remove ${name}`
  if (MORE.test(text) && /\ban? /.test(text)) return `add 1 ${name}`
  return /\b(?:instead|rather|swap|replace|take|use|meant)\b/.test(text)
    ? `use ${name} instead`
    : null
}
