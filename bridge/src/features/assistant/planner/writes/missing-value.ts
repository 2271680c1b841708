import type { ProposalResult } from '../../tools/tool-contract.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { Answer } from '../reads/index.ts'
import { approveFirst, neededProposal } from './earlier-proposals.ts'
import { fieldCalled } from './field-values.ts'
import { valueSlot, type Slot, type WritePlan } from './write-plan.ts'

/** ERPNext's ways of saying that a value is missing, with its label where it names one. */
const MISSING: [pattern: RegExp, label: string | null][] = [
  [/value missing for [^:]+: ([^.,]+)/i, null],
  [/reference no\b.*mandatory/i, 'Cheque/Reference No'],
  [/[Pp]lease enter ([A-Z][\w ]+)/, null],
  [/(?:^|: )([A-Z][\w ]+) is (?:mandatory|required)/, null],
]

/** What ERPNext refused for want of a value is asked for, so that the request can go on. */
export async function missingValue(
  result: ProposalResult,
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<Answer | null> {
  const isNew = plan.action === 'create' || plan.action === 'mapped'
  if (result.status !== 'refused' || !isNew) return null
  if (planner.soFar.asked || neededProposal(plan, planner.soFar)?.isNew) return null
  const slot = await missingSlot(result.message, plan, planner)
  if (!slot) return null
  planner.soFar.asked = true
  await planner.site.call('ask_person', { text: slot.question, slot: slot.key.slice(6) })
  return {
    events: [{ type: 'text', text: slot.question + approveFirst(plan, planner) }],
    memory: {
      pending: { plan: { ...plan, slots: [slot] }, slot: slot.key, options: [] },
      waiting_for: slot.doctypes,
    },
  }
}

async function missingSlot(
  message: string,
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<Slot | null> {
  for (const [pattern, known] of MISSING) {
    const match = pattern.exec(message)
    if (!match) continue
    const label = known ?? match[1]!.trim()
    const field = fieldCalled(await planner.site.describe(plan.doctype), label)
    if (!field || field.fieldname in plan.values || field.fieldtype === 'Table') continue
    const question = `ERPNext also needs: ${field.label}. What should it be?`
    const slot = valueSlot(field.fieldname, field.fieldtype, question)
    const isLink = field.fieldtype === 'Link' && field.options
    return isLink ? { ...slot, doctypes: [field.options!] } : slot
  }
  return null
}
