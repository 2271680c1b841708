import { NUMBER, readNumber, Sentence } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { readItemLines } from './item-lines.ts'
import { targetIn } from './targets.ts'
import { emptyPlan, nameSlot, type WritePlan } from './write-plan.ts'

const LEAD = '^\\W*(?:please |pls |can you |could you |now |and |then |also )*'
const DOCUMENT =
  '(?<target>(?:the |this |that )?.*(?:[a-z]+-\\d|\\b(?:it|this|that|order|quotation|quote|invoice|note|one)\\b).*?)'

/** Changes of a document's lines: quantity or rate of an item, an item added or removed, a discount. */
export async function readRowChange(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  return (
    (await discounted(text, planner)) ??
    (await lineSet(text, planner)) ??
    (await lineAdded(text, planner)) ??
    (await lineRemoved(text, planner))
  )
}

async function discounted(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const match = re(
    `(?:give|apply|add|put|grant|set)(?: them| him| her)?(?: an?| the)? (?:discount of )?(?<percent>\\d+(?:[.,]\\d+)?)\\s?(?:%|percent|per cent)(?: off| discount)? (?:on|to|for|off) ${DOCUMENT}$`,
  ).exec(text)
  if (!match) return null
  const plan = await planFor(match.groups!.target!, planner)
  if (!plan) return null
  plan.values.additional_discount_percentage = readNumber(match.groups!.percent!)
  return plan
}

async function lineSet(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const match = re(
    `(?:change|set|update|make|correct|reduce|increase)(?: the)? (?<what>quantity|qty|rate|price|amount)(?: of| for)(?: the)? (?<item>.+?) (?:in|on|of) ${DOCUMENT} (?:to|=|at) (?<value>${NUMBER})\\b.*$`,
  ).exec(text)
  const otherOrder = re(
    `(?:change|set|update|make|correct|reduce|increase|put)(?: the)? (?<what>quantity|qty|rate|price|amount)(?: of| for)(?: the)? (?<item>.+?) (?:to|=|at) (?<value>${NUMBER})(?: ?(?:usd|eur|gbp))? (?:in|on|of|for) ${DOCUMENT}$`,
  ).exec(text)
  const read = otherOrder ?? match
  if (!read) return null
  const { what, item, target, value } = read.groups!
  const plan = await planFor(target!, planner)
  if (!plan) return null
  const field = /q/.test(what!.toLowerCase().slice(0, 1)) ? 'qty' : 'rate'
  plan.rows = { kind: 'set', item_code: null, values: { [field]: readNumber(value!) } }
  plan.slots.push(nameSlot('row', ['Item'], item!))
  return plan
}

async function lineAdded(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const match = re(
    `(?:add|put|include) (?<line>(?:${NUMBER}) .+?) (?:to|on|in|into) ${DOCUMENT}$`,
  ).exec(text)
  if (!match || match[0].length < text.trim().replace(/[.!]$/, '').length - 2) return null
  const plan = await planFor(match.groups!.target!, planner)
  const [line] = readItemLines(new Sentence(match.groups!.line!)).lines
  if (!plan || !line) return null
  const rate = line.rate === null ? {} : { rate: line.rate }
  plan.rows = { kind: 'add', item_code: null, values: { qty: line.qty, ...rate } }
  plan.slots.push(nameSlot('row', ['Item'], line.asked))
  return plan
}

async function lineRemoved(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const match = re(
    `(?:remove|delete|drop|take out|take)(?: the)? (?<item>.+?) (?:from|off|out of) ${DOCUMENT}$`,
  ).exec(text)
  if (!match) return null
  const plan = await planFor(match.groups!.target!, planner)
  if (!plan) return null
  plan.rows = { kind: 'remove', item_code: null, values: {} }
  plan.slots.push(nameSlot('row', ['Item'], match.groups!.item!))
  return plan
}

async function planFor(phrase: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const target = await targetIn(phrase, planner)
  if (target.kind !== 'known' || !knowledgeOf(target.doctype)?.items) return null
  return { ...emptyPlan('update', target.doctype), name: target.names[0]! }
}

function re(source: string): RegExp {
  return new RegExp(LEAD + source, 'i')
}
