import { Sentence } from './language/index.ts'
import { readsAsNewAsk } from '../routing/index.ts'
import { chosenOption } from './pending-options.ts'
import type { PlannerMemory } from './memory.ts'
import type { PlannerTurn } from './planner-turn.ts'
import { textAnswer, type Answer } from './reads/index.ts'
import {
  carryOut,
  itemsInto,
  withName,
  withValue,
  slotValue,
  type Slot,
  type WritePlan,
} from './writes/index.ts'

const NEVER_MIND =
  /^\W*(?:never ?mind|cancel(?: that| it)?|forget (?:it|that|about it)|stop|no|nope|no thanks|leave it|don't|abort|drop it|none|neither|none of (?:them|these|those)|neither(?: one| of them)?|not any of (?:them|these)|cancel(?: the (?:question|request))?)\W*$/i

/** "the school, of course" */
const ASIDE =
  /,? (?:of course|obviously|naturally|please|i (?:think|guess|mean|suppose)|sorry|that is|then|thanks)\W*$/i

type Pending = NonNullable<PlannerMemory['pending']>

/** Takes the message as the answer to what was asked, when it can be one. */
export async function answerPending(said: string, planner: PlannerTurn): Promise<Answer | null> {
  const text = said.replace(ASIDE, '')
  const pending = planner.memory?.pending
  const slot = pending?.plan.slots.find(({ key }) => key === pending.slot)
  if (!pending || !slot) return null
  if (NEVER_MIND.test(text))
    return { ...textAnswer('All right, nothing was changed.'), letGo: true }
  const chosen = await chosenOption(text, pending.options, slot, planner)
  if (chosen) {
    const match = { doctype: slot.doctypes[0]!, name: chosen, title: chosen }
    return carryOut(withName(pending.plan, slot, match), planner)
  }
  if (readsAsNewAsk(text, planner.vocabulary.mentions(text), slot.doctypes)) return null
  if (slot.key === 'field:items')
    return carryOut(itemsInto(pending.plan, new Sentence(text)), planner)
  if (slot.doctypes.length === 0) return fillValue(pending, slot, text, planner)
  const isOneOfThem = pending.options.length > 1 && /\b(?:the|which|that) [\w ]*\bone\b/i.test(text)
  return isOneOfThem
    ? carryOut(pending.plan, planner)
    : carryOut(withAsked(pending.plan, slot, text), planner)
}

/** What a person is told when the message turns out to be about something else. */
export function letGoOf(pending: Pending, planner: PlannerTurn): string {
  const label = planner.vocabulary.label(pending.plan.doctype)
  return `I let go of the ${label} I was asking about; nothing was changed.`
}

/** Another name than those offered: the question is put again with it. */
function withAsked(plan: WritePlan, slot: Slot, text: string): WritePlan {
  const asked = text
    .trim()
    .replace(
      /^(?:it'?s|it is|the|i mean|i meant|for|to|from|use|take|customer|supplier|item) /i,
      '',
    )
    .replace(/[.!?]+$/, '')
  const slots = plan.slots.map((other) => (other.key === slot.key ? { ...other, asked } : other))
  return { ...plan, slots }
}

function fillValue(
  pending: Pending,
  slot: Slot,
  text: string,
  planner: PlannerTurn,
): Promise<Answer> | null {
  const value = slotValue(
    slot,
    text.replace(/^(?:it'?s|it is|reference|ref|number|no\.?|by|on) /i, ''),
    planner,
  )
  if (value === null) return null
  const plan = withValue(pending.plan, slot, value)
  if (slot.key === 'field:reference_no') plan.values.reference_date ??= planner.turn.today
  return carryOut(plan, planner)
}
