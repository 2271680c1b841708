import { readDate, readNumber } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import { pronounTarget } from '../mentioned-documents.ts'
import { resolveName, type NameResult, type ResolvedName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { postponed, type Answer } from '../reads/index.ts'
import { approveFirst, unsavedCalled, waitsForUnsaved } from './earlier-proposals.ts'
import { propose } from './proposal.ts'
import { taxTemplateCalled } from './tax-reader.ts'
import type { Slot, WritePlan } from './write-plan.ts'

/** Fills the plan's open slots one by one; asks where a name is not certain, proposes when all are. */
export async function carryOut(plan: WritePlan, planner: PlannerTurn): Promise<Answer> {
  let current = plan
  while (current.slots.length > 0) {
    const slot = current.slots[0]!
    if (slot.asked === null) return ask(current, slot, slot.question, [], planner)
    if (slot.doctypes.length === 0) {
      const value = slotValue(slot, slot.asked, planner)
      if (value === null) return ask(current, slot, slot.question, [], planner)
      current = withValue(current, slot, value)
      continue
    }
    const unsaved = unsavedCalled(slot.asked, slot.doctypes, planner)
    if (unsaved) {
      current = withName(current, slot, unsaved, { $ref: unsaved.name })
      continue
    }
    const result = await resolveIn(slot, slot.asked, planner)
    if (result.status !== 'found') return askName(current, slot, result, planner)
    current = withName(current, slot, result.match)
  }
  return propose(current, planner)
}

/** What is open in Desk, or was spoken of before. */
const SPOKEN =
  /^(?:(?:this|that|the same)(?: (?:customer|client|supplier|vendor|item|one))?|them|him|her|it)$/i

async function resolveIn(slot: Slot, asked: string, planner: PlannerTurn): Promise<NameResult> {
  if (slot.key === 'field:taxes_and_charges') {
    return taxTemplateCalled(slot.doctypes[0]!, asked, planner)
  }
  let unsure: NameResult = { status: 'not_found' }
  for (const doctype of slot.doctypes) {
    const spoken = SPOKEN.test(asked) ? pronounTarget(asked, planner, doctype) : null
    if (spoken) return { status: 'found', match: { ...spoken, title: spoken.name } }
    const result = await resolveName(planner.site, doctype, asked)
    if (result.status === 'found') return result
    if (result.status === 'unsure' && unsure.status === 'not_found') unsure = result
  }
  return unsure
}

async function askName(
  plan: WritePlan,
  slot: Slot,
  result: NameResult,
  planner: PlannerTurn,
): Promise<Answer> {
  const noun = planner.vocabulary.label(slot.doctypes[0]!).toLowerCase()
  if (result.status === 'unsure') {
    const text =
      result.candidates.length === 1
        ? `I found no ${noun} called exactly "${slot.asked}". Did you mean this one?`
        : `Which ${noun} do you mean by "${slot.asked}"?`
    return ask(plan, slot, text, result.candidates, planner)
  }
  const text = `I found no ${noun} called "${slot.asked}". Which ${noun} should it be?`
  return ask(plan, slot, text, await fewOf(slot.doctypes[0]!, planner), planner)
}

/** All there are, of a kind that is only a handful: payment terms, territories, companies. */
async function fewOf(doctype: string, planner: PlannerTurn): Promise<ResolvedName[]> {
  if (knowledgeOf(doctype)) return []
  const args = { doctype, fields: ['name'], order_by: 'name asc', limit: OPTIONS_SHOWN }
  const answer = await planner.turn.tools.call('list_records', args)
  if (!answer.ok) return []
  const { table } = answer.result
  if ((table.total ?? table.rows.length) > OPTIONS_SHOWN) return []
  return table.rows.map(({ name }) => ({ doctype, name: String(name), title: String(name) }))
}

const OPTIONS_SHOWN = 8

async function ask(
  plan: WritePlan,
  slot: Slot,
  text: string,
  candidates: ResolvedName[],
  planner: PlannerTurn,
): Promise<Answer> {
  if (planner.soFar.asked) return postponed(planner.turn.text)
  const unsaved = waitsForUnsaved(plan, planner)
  if (unsaved) return unsaved
  planner.soFar.asked = true
  const first = approveFirst(plan, planner)
  const options = candidates.slice(0, OPTIONS_SHOWN).map(({ name, title }) => ({
    value: name,
    label: title,
    ...(title !== name && { description: name }),
  }))
  await planner.site.call('ask_person', {
    text,
    ...(options.length > 0 && { options }),
    slot: slot.key.replace(/^field:/, ''),
  })
  return {
    events: [{ type: 'text', text: text + first }],
    memory: {
      pending: {
        plan,
        slot: slot.key,
        options: candidates.slice(0, OPTIONS_SHOWN).map(({ doctype: _, ...option }) => option),
      },
      waiting_for: slot.doctypes,
    },
  }
}

/** `value` is what a field gets: the name, or a reference to a document of the same card. */
export function withName(
  plan: WritePlan,
  slot: Slot,
  match: ResolvedName,
  value: unknown = match.name,
): WritePlan {
  const slots = plan.slots.filter(({ key }) => key !== slot.key)
  if (slot.key === 'name') return { ...plan, slots, name: match.name, doctype: match.doctype }
  if (slot.key === 'from') {
    return { ...plan, slots, from: { doctype: match.doctype, name: match.name } }
  }
  if (slot.key === 'company' && plan.rows) {
    const values = { company: match.name, ...plan.rows.values }
    return { ...plan, slots, rows: { ...plan.rows, values } }
  }
  if (slot.key === 'row' && plan.rows) {
    return { ...plan, slots, rows: { ...plan.rows, item_code: match.name } }
  }
  if (slot.key === 'party') return { ...plan, slots, values: withParty(plan, match, value) }
  if (slot.key.startsWith('item:')) {
    const index = Number(slot.key.slice(5))
    const items = plan.items.map((line, at) =>
      at === index ? { ...line, item_code: match.name } : line,
    )
    return { ...plan, slots, items }
  }
  return withValue(plan, slot, value)
}

function withParty(plan: WritePlan, match: ResolvedName, value: unknown): Record<string, unknown> {
  const party = knowledgeOf(plan.doctype)?.party
  if (!party) return plan.values
  const type = party.typeField ? { [party.typeField]: match.doctype } : {}
  return { ...plan.values, ...type, [party.field]: value }
}

export function withValue(plan: WritePlan, slot: Slot, value: unknown): WritePlan {
  const slots = plan.slots.filter(({ key }) => key !== slot.key)
  const field = slot.key.replace(/^field:/, '')
  return { ...plan, slots, values: { ...plan.values, [field]: value } }
}

/** A plain answer as its field wants it; null when it is none. */
export function slotValue(slot: Slot, text: string, planner: PlannerTurn): unknown {
  const type = slot.fieldtype ?? 'Data'
  if (type === 'Date' || type === 'Datetime') return readDate(text, planner.today)
  if (['Currency', 'Float', 'Int', 'Percent'].includes(type)) {
    return readNumber(text.replace(/[^\d.,']/g, ''))
  }
  return text.trim() || null
}
