import { reactive } from 'vue'
import { Problem, sentenceOf } from '../../bridge/problem.ts'
import { tellDesk } from '../../bridge/host.ts'
import type { OperationList } from '../../bridge/protocol.ts'
import { approveOperations, fetchRequest, proposeUndo, rejectOperations } from './data.ts'

/** A card with what this page does to it right now. */
export interface Card {
  list: OperationList
  busy: 'approve' | 'reject' | 'undo' | null
  problem: string | null
  /** The card that undoes this one, once it was asked for. */
  undoId: string | null
}

// One store for all pages: the same card may stand in a thread and in the history.
const cards = reactive(new Map<string, Card>())

export function cardOf(listId: string): Card | undefined {
  return cards.get(listId)
}

export function keepList(list: OperationList): void {
  const known = cards.get(list.id)
  if (!known) {
    cards.set(list.id, { list, busy: null, problem: null, undoId: null })
    return
  }
  known.list = list
}

/** Reads the cards of a request, and of the request that undid it. */
export async function loadCards(requestId: string): Promise<void> {
  const request = await fetchRequest(requestId)
  request.operation_lists.forEach(keepList)
  if (!request.undone_by) return
  const undoing = await fetchRequest(request.undone_by)
  undoing.operation_lists.forEach(keepList)
  const undo = undoing.operation_lists.at(-1)
  for (const { id } of request.operation_lists) {
    const card = cards.get(id)
    if (card && undo) card.undoId = undo.id
  }
}

export function approve(listId: string): Promise<void> {
  return act(listId, 'approve', async (card) => {
    const list = await approveOperations(card.list)
    keepList(list)
    if (list.state === 'applied') tellApplied(list)
  })
}

export function reject(listId: string): Promise<void> {
  return act(listId, 'reject', async (card) => keepList(await rejectOperations(card.list)))
}

export function askUndo(listId: string): Promise<void> {
  return act(listId, 'undo', async (card) => {
    const undoing = await proposeUndo(card.list.request_id)
    undoing.operation_lists.forEach(keepList)
    card.undoId = undoing.operation_lists.at(-1)?.id ?? null
    if (!card.undoId) card.problem = undoing.error?.message ?? 'There is nothing left to undo.'
  })
}

async function act(
  listId: string,
  busy: NonNullable<Card['busy']>,
  run: (card: Card) => Promise<void>,
): Promise<void> {
  const card = cards.get(listId)
  if (!card || card.busy) return
  card.busy = busy
  card.problem = null
  try {
    await run(card)
  } catch (error) {
    card.problem = sentenceOf(error)
    await rereadAfter(error, card)
  } finally {
    card.busy = null
  }
}

const DECIDED_ELSEWHERE = ['already_decided', 'hash_mismatch']

/** Someone else may have decided first, or the outcome is open: show what the bridge knows. */
async function rereadAfter(error: unknown, card: Card): Promise<void> {
  const codes = [...DECIDED_ELSEWHERE, 'outcome_unknown', 'conflict', 'offline', 'site_timeout']
  if (!(error instanceof Problem) || !codes.includes(error.code)) return
  await loadCards(card.list.request_id).catch(() => undefined)
  if (DECIDED_ELSEWHERE.includes(error.code)) card.problem = null
}

function tellApplied(list: OperationList): void {
  const documents = list.outcomes.map(({ doctype, name, action }) => {
    return { doctype, name, gone: action === 'delete' }
  })
  tellDesk({ type: 'steward:applied', documents })
}
