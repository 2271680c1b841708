import type { OperationList } from '../../../../shared/assistant-protocol.ts'
import { wordsOf } from '../../routing/index.ts'
import type { ResolvedName } from '../names.ts'
import type { EarlierProposal, PlannerTurn, TurnSoFar } from '../planner-turn.ts'
import { textAnswer, type Answer } from '../reads/index.ts'
import type { WritePlan } from './write-plan.ts'

/** The proposal of an earlier part of this message that a plan works on; null when on none. */
export function neededProposal(plan: WritePlan, soFar: TurnSoFar): EarlierProposal | null {
  const targets = [plan.name, ...plan.alsoNames, plan.from?.name ?? null]
  const references = JSON.stringify(plan.values)
  const isNeeded = ({ name, isNew }: EarlierProposal) =>
    targets.includes(name) || (isNew && references.includes(`"$ref":"${name}"`))
  return soFar.proposed.findLast(isNeeded) ?? null
}

export function noteProposal(
  plan: WritePlan,
  operationId: string,
  list: OperationList,
  planner: PlannerTurn,
): void {
  const preview = list.previews.at(-1)
  const isNew = plan.action === 'create' || plan.action === 'mapped' || plan.action === 'amend'
  const known = planner.soFar.proposed.find(({ name }) => name === plan.name)
  planner.soFar.proposed.push({
    doctype: plan.doctype,
    name: isNew ? operationId : plan.name!,
    title: preview?.title ?? plan.name ?? '',
    isNew: isNew || (known?.isNew ?? false),
    list_id: list.id,
    operation: operationId,
    plan: { ...plan, replaces: null },
  })
}

/** A name that stands for a document this message is about to make. */
export function unsavedCalled(
  asked: string,
  doctypes: string[],
  { soFar }: PlannerTurn,
): ResolvedName | null {
  const words = wordsOf(asked).join(' ')
  const isPronoun = /^(?:it|them|him|her|they|that one|this one|the new one)$/i.test(asked.trim())
  const found = soFar.proposed.findLast(
    ({ doctype, title, isNew }) =>
      isNew && doctypes.includes(doctype) && (isPronoun || wordsOf(title).join(' ') === words),
  )
  return found ? { doctype: found.doctype, name: found.name, title: found.title } : null
}

/** An open question cannot wait for a document that may never be saved. */
export function waitsForUnsaved(plan: WritePlan, planner: PlannerTurn): Answer | null {
  const needed = neededProposal(plan, planner.soFar)
  if (!needed?.isNew) return null
  const above = planner.vocabulary.label(needed.doctype)
  const text = `The ${planner.vocabulary.label(plan.doctype)} needs the ${above} above, which is not saved yet: approve that first, then ask me for this again.`
  return textAnswer(text)
}

/** What is asked about builds on a card that is still to be approved. */
export function approveFirst(plan: WritePlan, planner: PlannerTurn): string {
  const needed = neededProposal(plan, planner.soFar)
  return needed ? ' Approve the card above before you answer, as it builds on that.' : ''
}

/** How a document is called in a sentence: by its name, or as the one above. */
export function spokenName(name: string, planner: PlannerTurn): string {
  const made = planner.soFar.proposed.find((one) => one.isNew && one.name === name)
  return made ? `the ${planner.vocabulary.label(made.doctype)} above` : name
}
