import type { ProposalResult } from '../../tools/tool-contract.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { EarlierProposal, PlannerTurn } from '../planner-turn.ts'
import { textAnswer, type Answer } from '../reads/index.ts'
import { listed } from '../wording.ts'
import { neededProposal, noteProposal, spokenName } from './earlier-proposals.ts'
import { missingValue } from './missing-value.ts'
import type { ChainLink, ItemLine, WritePlan } from './write-plan.ts'
import { changedRows } from './row-change.ts'
import { taxRows } from './tax-reader.ts'

/** Proposes a plan without open slots; ERPNext's preview is the card. */
export async function propose(plan: WritePlan, planner: PlannerTurn): Promise<Answer> {
  const needed = neededProposal(plan, planner.soFar)
  planner.turn.tools.openCard(needed?.list_id ?? null)
  const names = plan.name ? [plan.name, ...plan.alsoNames] : [null]
  const results: ProposalResult[] = []
  for (const name of names) results.push(await proposeOne({ ...plan, name }, planner))
  const refused = results.find((result) => result.status !== 'proposed')
  const proposed = results.filter((result) => result.status === 'proposed')
  for (const { operation_id, operation_list } of proposed) {
    noteProposal(plan, operation_id, operation_list, planner)
  }
  if (refused) return refusedAnswer(refused, proposed.length, plan, planner)
  const card = proposed.at(-1)!.operation_list.id
  if (plan.replaces && !(await planner.turn.tools.replaceCard(plan.replaces))) {
    return textAnswer('The card above was approved meanwhile, so it stands as it is. Ask again.')
  }
  const done = { ...plan, replaces: null }
  const memory = needed
    ? { chain: chainOn(card, planner), card }
    : { proposed: done, card, chain: null }
  return textAnswer(proposedText(plan, planner, needed), memory)
}

function chainOn(card: string, { soFar }: PlannerTurn): ChainLink[] {
  const own = soFar.proposed.filter(({ list_id }) => list_id === card)
  return own.map(({ operation, plan }) => ({ id: operation, plan }))
}

async function refusedAnswer(
  refused: ProposalResult,
  standing: number,
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<Answer> {
  const missing = standing === 0 ? await missingValue(refused, plan, planner) : null
  if (missing) return missing
  const answer = refusal(refused, plan)
  const needed = neededProposal(plan, planner.soFar)
  const notes = [
    ...(standing > 0 ? ['The card holds the others only.'] : []),
    ...(needed?.isNew && standing === 0
      ? [`It depends on ${spokenName(needed.name, planner)}, which is not saved yet.`]
      : []),
  ]
  const more = notes.map((text) => ({ type: 'text', text: ` ${text}` }) as const)
  return { ...answer, events: [...answer.events, ...more] }
}

async function proposeOne(plan: WritePlan, planner: PlannerTurn): Promise<ProposalResult> {
  const { site } = planner
  const { doctype } = plan
  const name = plan.name ?? ''
  if (plan.action === 'create') {
    const values = { ...valuesOf(plan), ...(await taxRows(plan, planner)) }
    return site.call('propose_create', { doctype, values })
  }
  if (plan.action === 'mapped') {
    return site.call('propose_mapped', {
      from_doctype: plan.from!.doctype,
      from_name: plan.from!.name,
      to_doctype: doctype,
      ...(Object.keys(plan.values).length > 0 && { values: plan.values }),
    })
  }
  if (plan.action === 'update') {
    const values = {
      ...plan.values,
      ...(plan.rows && (await changedRows(plan, planner))),
      ...(await taxRows(plan, planner)),
      // A new plan of payments follows from other terms; rows of the old one would hold it off.
      ...(plan.values.payment_terms_template !== undefined && { payment_schedule: [] }),
    }
    return site.call('propose_update', { doctype, name, values })
  }
  if (plan.action === 'submit') return site.call('propose_submit', { doctype, name })
  if (plan.action === 'amend') return site.call('propose_amend', { doctype, name })
  if (plan.action === 'cancel') return site.call('propose_cancel', { doctype, name })
  return site.call('propose_delete', { doctype, name })
}

function valuesOf(plan: WritePlan): Record<string, unknown> {
  const items = knowledgeOf(plan.doctype)?.items
  if (!items || plan.items.length === 0) return plan.values
  const date = items.dateField ? plan.values[items.dateField] : null
  const rows = plan.items.map((line) => rowOf(line, items.dateField, date))
  return { ...plan.values, [items.field]: rows }
}

function rowOf(line: ItemLine, dateField: string | undefined, date: unknown) {
  return {
    item_code: line.item_code,
    qty: line.qty,
    ...(line.uom && { uom: line.uom }),
    ...(line.rate !== null && { rate: line.rate }),
    ...(line.discount_percentage !== null && { discount_percentage: line.discount_percentage }),
    ...(dateField && date ? { [dateField]: date } : {}),
  }
}

function refusal(result: ProposalResult, plan: WritePlan): Answer {
  if (result.status === 'refused') {
    return {
      events: [
        { type: 'text', text: `ERPNext would not do that: ${result.message}` },
        { type: 'notice', level: 'warning', text: result.message, code: result.exc_type },
      ],
      memory: { proposed: plan },
    }
  }
  if (result.status === 'proposed') return textAnswer('')
  const near = result.candidates.map(({ title, name }) =>
    title === name ? name : `${title} (${name})`,
  )
  const hint = near.length > 0 ? ` Did you mean ${listed(near.slice(0, 5))}?` : ''
  return textAnswer(`I could not tell which ${result.fieldname} "${result.asked}" is.${hint}`)
}

const DONE: Record<WritePlan['action'], string> = {
  create: 'Here is the new',
  mapped: 'Here is the new',
  update: 'Here is the change to',
  submit: 'This would submit',
  cancel: 'This would cancel',
  delete: 'This would delete',
  amend: 'Here is the amended draft of',
}

const RETURNS: Record<string, string> = {
  'Sales Invoice': 'credit note',
  'Purchase Invoice': 'debit note',
}

function proposedText(
  plan: WritePlan,
  planner: PlannerTurn,
  needed: EarlierProposal | null,
): string {
  const isReturn = plan.from?.doctype === plan.doctype
  const label = isReturn
    ? (RETURNS[plan.doctype] ?? 'return')
    : planner.vocabulary.label(plan.doctype)
  const called = (name: string) => spokenName(name, planner)
  const isAbove = plan.name !== null && called(plan.name) !== plan.name
  const names = plan.name ? ` ${listed([plan.name, ...plan.alsoNames].map(called))}` : ''
  const what = isAbove && plan.action !== 'amend' ? names : ` ${label}${names}`
  const from = plan.from ? ` from ${called(plan.from.name)}` : ''
  const instead = plan.replaces ? ' It takes the place of the card before.' : ''
  const together = needed ? ' It is on the same card, as it builds on that.' : ''
  return `${DONE[plan.action]}${what}${from} as ERPNext would save it.${instead}${together} Nothing is saved until you approve.`
}
