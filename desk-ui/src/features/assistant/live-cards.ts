import { computed, onBeforeUnmount, reactive, watch } from 'vue'
import type { OperationList } from '../../bridge/protocol.ts'
import { fetchRequestEvents, followRequest } from './data.ts'
import { keepList, loadCards } from './operation-lists.ts'

/** Cards on this page, each with its request and whether it may still change by itself. */
const shown = reactive(new Map<string, { requestId: string; open: boolean }>())

const RETRY_MS = 3_000

/**
 * Only one stream is held, for the request of the newest open card: browsers allow six connections
 * to a host for all tabs together. The other cards are read again when the person comes back.
 */
const followed = computed(() => [...shown.values()].findLast(({ open }) => open)?.requestId ?? null)
let connection: AbortController | null = null

/** Keeps a card as it is for everybody: what another tab or another replica decides shows here. */
export function useLiveCard(listOf: () => OperationList | undefined): void {
  let known: string | null = null
  watch(
    () => ({ list: listOf(), state: listOf()?.state }),
    ({ list }) => {
      if (!list) return
      known = list.id
      const open = list.state === 'proposed' || list.state === 'approving'
      shown.set(list.id, { requestId: list.request_id, open })
    },
    { immediate: true },
  )
  onBeforeUnmount(() => known && shown.delete(known))
}

watch(followed, () => connect())
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void reread()
  connect()
})

function connect(): void {
  connection?.abort()
  connection = null
  if (followed.value === null || document.visibilityState !== 'visible') return
  connection = new AbortController()
  void follow(followed.value, connection.signal)
}

/** Follows a request until it is over, through lost connections. */
async function follow(requestId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const last = (await fetchRequestEvents(requestId)).at(-1)?.seq ?? 0
      await loadCards(requestId)
      for await (const event of followRequest(requestId, last, signal)) {
        if ('operation_list' in event) keepList(event.operation_list)
      }
      return
    } catch {
      // The page works without the stream; it is tried again while the card is open.
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}

async function reread(): Promise<void> {
  const requests = new Set([...shown.values()].map(({ requestId }) => requestId))
  await Promise.allSettled([...requests].map((id) => loadCards(id)))
}
