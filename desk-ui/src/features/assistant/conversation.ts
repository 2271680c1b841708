import { computed, reactive, ref } from 'vue'
import { bridgeBack } from '../../bridge/connection.ts'
import { Problem, sentenceOf } from '../../bridge/problem.ts'
import type { PageContext, RequestEvent } from '../../bridge/protocol.ts'
import { ask, cancelRequest, createConversation, followRequest, listMessages } from './data.ts'
import { renewSession } from '../session/session.ts'
import { noteConversation } from './conversation-list.ts'
import { keepList, loadCards } from './operation-lists.ts'
import { applyEvent, isWorking, newTurn, turnsOf } from './turn.ts'
import type { Turn } from './turn.ts'

/** The thread of one conversation and what a person does in it. */
export function useConversation(initialId: string | null) {
  const id = ref(initialId)
  const turns = ref<Turn[]>([])
  const loading = ref(false)
  const problem = ref<string | null>(null)
  /** A message that did not reach the bridge, as far as is known; the composer takes it back. */
  const returned = ref<{ text: string; reason: string; key: string } | null>(null)
  const working = computed(() => turns.value.find(isWorking) ?? null)
  let connection: AbortController | null = null
  let sentPage: PageContext | null = null

  async function load(): Promise<void> {
    if (!id.value) return
    loading.value = true
    problem.value = null
    try {
      turns.value = turnsOf((await listMessages(id.value)).data)
      await Promise.all(requestsWithCards(turns.value).map(loadCards))
      turns.value.filter(isOpenEnded).forEach((turn) => void resume(turn))
    } catch (error) {
      problem.value = sentenceOf(error)
    } finally {
      loading.value = false
    }
  }

  /** A question without an answer is still at work, or it failed: its events tell. */
  function resume(turn: Turn): Promise<void> {
    turn.state = 'running'
    return follow(turn, null)
  }

  async function send(text: string, page: PageContext | null, repeated = false): Promise<void> {
    // Sent again as it was, it has the same key: if it had arrived after all, it is not asked twice.
    const same = returned.value?.text === text && sentPage === page
    const again = same ? returned.value?.key : null
    returned.value = null
    sentPage = page
    const turn = reactive(newTurn(again ?? crypto.randomUUID(), text, new Date().toISOString()))
    turns.value.push(turn)
    try {
      id.value ??= (await createConversation(page)).id
      noteConversation(id.value, text)
    } catch (error) {
      return giveBack(turn, error)
    }
    connection = new AbortController()
    const events = ask(id.value, { text, page, idempotencyKey: turn.key }, connection.signal)
    await follow(turn, events)
    if (turn.error?.code === 'site_grant_expired') await signInFor(turn, page, repeated)
  }

  /** ERPNext ended the sign-in under the request: it is asked again once, else it goes back. */
  async function signInFor(turn: Turn, page: PageContext | null, repeated: boolean): Promise<void> {
    const renewed = !repeated && (await renewSession())
    turns.value = turns.value.filter((other) => other.key !== turn.key)
    // The request with its key has failed for good: the message is asked under another one.
    turn.key = crypto.randomUUID()
    if (!renewed) return giveBack(turn, new Error(turn.error?.message))
    await send(turn.asked ?? '', page, true)
  }

  /** Takes in events until the request rests; goes on from the last one after a lost connection. */
  async function follow(turn: Turn, events: AsyncGenerator<RequestEvent> | null): Promise<void> {
    connection ??= new AbortController()
    const { signal } = connection
    for (let attempt = 0; isWorking(turn) && !signal.aborted; attempt += 1) {
      try {
        const source = events ?? followRequest(turn.request_id ?? '', turn.seq, signal)
        events = null
        for await (const event of source) {
          attempt = 0
          turn.reconnecting = false
          applyEvent(turn, event, keepList)
          if (!isWorking(turn)) return
        }
      } catch (error) {
        if (!turn.request_id) return giveBack(turn, error)
        if (attempt >= 5 || !isTransient(error)) return fail(turn, error)
        turn.reconnecting = true
        await bridgeBack(signal)
      }
      if (isWorking(turn)) await pauseBeforeRetry(turn, attempt)
    }
  }

  /** The message was not taken: it goes back to where it was typed. */
  function giveBack(turn: Turn, error: unknown): void {
    turns.value = turns.value.filter((other) => other.key !== turn.key)
    returned.value = { text: turn.asked ?? '', reason: sentenceOf(error), key: turn.key }
  }

  async function stop(): Promise<void> {
    const turn = working.value
    if (!turn?.request_id) return
    await cancelRequest(turn.request_id).catch(() => undefined)
  }

  function leave(): void {
    connection?.abort()
    connection = null
  }

  return { id, turns, loading, problem, returned, working, load, send, stop, leave }
}

function fail(turn: Turn, error: unknown): void {
  turn.state = 'failed'
  turn.error = {
    code: error instanceof Problem ? error.code : 'internal',
    message: sentenceOf(error),
  }
}

function isOpenEnded(turn: Turn): boolean {
  return turn.request_id !== null && turn.answer === '' && turn.parts.length === 0
}

/** A dropped stream throws a TypeError of fetch; refusals of the bridge are final. */
function isTransient(error: unknown): boolean {
  return !(error instanceof Problem) || error.status === 0 || error.status >= 500
}

async function pauseBeforeRetry(turn: Turn, attempt: number): Promise<void> {
  turn.reconnecting = true
  await new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** attempt, 4000)))
}

function requestsWithCards(turns: Turn[]): string[] {
  const ids = turns
    .filter((turn) => turn.parts.some((part) => part.type === 'operation_list'))
    .flatMap((turn) => turn.request_id ?? [])
  return [...new Set(ids)]
}
