import { z } from 'zod'
import type { OperationList } from '../../../shared/assistant-protocol.ts'
import type { PastMessage } from '../brain.ts'
import type { ProviderRules } from '../ports.ts'

/** How much of a card's values is told again, in characters. */
const VALUES_AT_MOST = 3_000
const CARDS_AT_MOST = 3

/** What a brain remembers of the cards it proposed: by a model, or by the local planner. */
const ofModel = z.object({
  cards: z.array(
    z.object({ id: z.string(), operations: z.array(z.record(z.string(), z.unknown())) }),
  ),
})
const ofPlanner = z.object({
  card: z.string(),
  proposed: z.object({
    action: z.string(),
    doctype: z.string(),
    name: z.string().nullable(),
    values: z.record(z.string(), z.unknown()),
    items: z.array(z.unknown()),
  }),
})

type Card = z.infer<typeof ofModel>['cards'][number]

/** Kept with the answer, so that the next turn can put a card differently. */
export function cardMemory(lists: OperationList[]) {
  const cards = lists.map(({ id, operations }) => ({
    id,
    operations: operations.map(({ action, doctype, name, values, source }) => ({
      action,
      doctype,
      ...(name !== undefined && { name }),
      ...(values && { values }),
      ...(source && { from: source.name }),
    })),
  }))
  return { model: 1, cards }
}

/** The cards of the last answers: whether one still waits, the tools find out when it is replaced. */
export function cardFacts(history: PastMessage[], rules: ProviderRules): string[] {
  const cards = history
    .filter(({ role, documents }) => role === 'assistant' && documents.length === 0)
    .flatMap(({ memory }) => cardsIn(memory))
  return cards.slice(-CARDS_AT_MOST).map(({ id, operations }) => {
    const told = rules.any
      ? operations.map(({ action, doctype }) => ({ action, doctype }))
      : operations
    const text = JSON.stringify(told).slice(0, VALUES_AT_MOST)
    return `Earlier card ${id}, not approved as far as is known: ${text}`
  })
}

function cardsIn(memory: unknown): Card[] {
  const own = ofModel.safeParse(memory)
  if (own.success) return own.data.cards
  const planned = ofPlanner.safeParse(memory)
  if (!planned.success) return []
  const { card, proposed } = planned.data
  return [{ id: card, operations: [proposed] }]
}
