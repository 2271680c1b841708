import { Sentence } from './language/index.ts'
import { fold, wordsOf } from '../routing/index.ts'
import { ordinalIn } from './mentioned-documents.ts'
import type { PlannerMemory } from './memory.ts'
import type { PlannerTurn } from './planner-turn.ts'
import { textAnswer, type Answer } from './reads/index.ts'
import { carryOut, itemsInto, withName, withValue, slotValue, type Slot } from './writes/index.ts'

const NEVER_MIND =
  /^\W*(?:never ?mind|cancel(?: that| it)?|forget (?:it|that|about it)|stop|no|nope|no thanks|leave it|don't|abort|drop it|none|neither|none of (?:them|these|those))\W*$/i
const YES =
  /^\W*(?:yes|yep|yeah|y|sure|right|correct|exactly|ok|okay|that one|that's it|the first one|this one|yes,? please)\W*$/i

type Pending = NonNullable<PlannerMemory['pending']>

/** Takes the message as the answer to what was asked, when it can be one. */
export async function answerPending(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const pending = planner.memory?.pending
  const slot = pending?.plan.slots.find(({ key }) => key === pending.slot)
  if (!pending || !slot) return null
  if (NEVER_MIND.test(text)) return textAnswer('All right, nothing was changed.')
  if (looksLikeNewRequest(text)) return null
  if (slot.key === 'field:items')
    return carryOut(itemsInto(pending.plan, new Sentence(text)), planner)
  if (slot.doctypes.length === 0) return fillValue(pending, slot, text, planner)
  const chosen = chosenOption(text, pending.options)
  if (chosen) {
    const match = { doctype: slot.doctypes[0]!, name: chosen, title: chosen }
    return carryOut(withName(pending.plan, slot, match), planner)
  }
  const asked = text
    .trim()
    .replace(
      /^(?:it'?s|it is|the|i mean|i meant|for|to|from|use|take|customer|supplier|item) /i,
      '',
    )
    .replace(/[.!?]+$/, '')
  const plan = {
    ...pending.plan,
    slots: pending.plan.slots.map((other) =>
      other.key === slot.key ? { ...other, asked } : other,
    ),
  }
  return carryOut(plan, planner)
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

const NO_NAME = new Set('the one please a an it i mean meant take use'.split(' '))

/** A number, an ordinal, the name itself, or words that fit one option only. */
function chosenOption(text: string, options: Pending['options']): string | null {
  if (options.length === 0) return null
  const asked = fold(text).trim()
  const exact = options.find(({ name, title }) => fold(name) === asked || fold(title) === asked)
  if (exact) return exact.name
  if (options.length === 1 && YES.test(text)) return options[0]!.name
  const words = wordsOf(text).filter((word) => !NO_NAME.has(word))
  const fits = options.filter(({ name, title }) => {
    const own = wordsOf(`${name} ${title}`)
    return words.length > 0 && words.every((word) => own.some((other) => other.startsWith(word)))
  })
  if (fits.length === 1) return fits[0]!.name
  const ordinal = ordinalIn(text)
  return ordinal === null ? null : (options.at(ordinal)?.name ?? null)
}

/** A whole new sentence with a verb or a question word is no answer to "which customer?". */
function looksLikeNewRequest(text: string): boolean {
  return /^\W*(?:show|list|how many|how much|what|which|who|create|make|delete|submit|find|give me|count)\b/i.test(
    text,
  )
}
