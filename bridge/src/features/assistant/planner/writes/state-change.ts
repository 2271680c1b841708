import { wordsOf } from '../../routing/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { targetIn, type Target } from './targets.ts'
import { emptyPlan, type WritePlan } from './write-plan.ts'

const LEAD = '^\\W*(?:please |pls |can you |could you |now |and |then |also |i want to )*'

/** "close the to-do …", "mark task X as completed", "disable customer X". */
export async function stateChange(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const marked = re('(?:mark|flag|set) (?<target>.+?) (?:as|to) (?<state>[a-z -]+?)[.!]?$').exec(
    text,
  )
  if (marked) return toState(marked.groups!.target!, marked.groups!.state!, planner)
  const verb = re(
    '(?<verb>close|complete|finish|reopen|resolve|disable|deactivate|block|enable|activate|reactivate|unblock|tick off|check off) (?<target>.+?)[.!]?$',
  ).exec(text)
  if (!verb) return null
  const { verb: word, target } = verb.groups!
  const check = DISABLING[word!.toLowerCase()]
  return check === undefined
    ? toState(target!, STATES[word!.toLowerCase()]!, planner)
    : disabled(target!, check, planner)
}

const DISABLING: Record<string, 0 | 1> = {
  disable: 1,
  deactivate: 1,
  block: 1,
  enable: 0,
  activate: 0,
  reactivate: 0,
  unblock: 0,
}

const STATES: Record<string, string> = {
  close: 'closed',
  complete: 'completed',
  finish: 'completed',
  'tick off': 'completed',
  'check off': 'completed',
  reopen: 'open',
  resolve: 'resolved',
}

/** Words for the same state, so that "done" fits whichever of them the doctype has. */
const SAME = [
  ['done', 'completed', 'closed', 'finished', 'complete'],
  ['cancelled', 'canceled'],
  ['in progress', 'working', 'started'],
]

async function toState(
  phrase: string,
  state: string,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const target = await targetIn(phrase, planner)
  if (target.kind === 'none' || target.doctype === '') return null
  const { fields, is_submittable } = await planner.site.describe(target.doctype)
  const field = fields.find(({ fieldname }) => fieldname === 'status')
  if (!field || field.fieldtype !== 'Select' || is_submittable) return null
  const wanted = state.trim().toLowerCase()
  const words = [wanted, ...(SAME.find((group) => group.includes(wanted)) ?? [])]
  const options = (field.options ?? '').split('\n').filter(Boolean)
  const option = words
    .map((word) => options.find((other) => other.toLowerCase() === word))
    .find((other) => other !== undefined)
  return option ? planOf(target, { status: option }) : null
}

async function disabled(
  phrase: string,
  value: 0 | 1,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const target = await targetIn(phrase, planner)
  if (target.kind === 'none') return null
  const doctype = target.doctype || 'Customer'
  const { fields } = await planner.site.describe(doctype)
  if (!fields.some(({ fieldname }) => fieldname === 'disabled')) return null
  return planOf(target.doctype ? target : { ...target, doctype }, { disabled: value })
}

function planOf(target: Target, values: Record<string, unknown>): WritePlan | null {
  if (target.kind === 'none') return null
  const plan = { ...emptyPlan('update', target.doctype), values }
  if (target.kind === 'known') return { ...plan, name: target.names[0]! }
  return wordsOf(target.slot.asked ?? '').length > 0 ? { ...plan, slots: [target.slot] } : null
}

function re(source: string): RegExp {
  return new RegExp(LEAD + source, 'i')
}
