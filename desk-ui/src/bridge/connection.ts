import { onBeforeUnmount, reactive, readonly, watch } from 'vue'
import { boot } from './boot.ts'

/** Whether the bridge can be reached; while it cannot, it is looked for until it is back. */
const state = reactive({ away: false, returns: 0 })
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 5_000
let lookNow = () => {}

export const connection = readonly(state)

/** A call did not get through. */
export function noteAway(): void {
  if (state.away) return
  state.away = true
  void lookUntilFound()
}

/** Looks at once instead of at the next turn. */
export function lookForBridge(): void {
  lookNow()
}

/** Resolves when the bridge can be reached again, or when `signal` is aborted. */
export function bridgeBack(signal: AbortSignal): Promise<void> {
  if (!state.away || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = watch(
      () => state.away,
      (away) => !away && done(),
    )
    function done() {
      stop()
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}

/** Runs `again` each time the bridge came back, as long as the component lives. */
export function useBridgeBack(again: () => void): void {
  onBeforeUnmount(watch(() => state.returns, again))
}

async function lookUntilFound(): Promise<void> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    await pause(wait)
    if (await answers()) break
  }
  state.away = false
  state.returns += 1
}

async function answers(): Promise<boolean> {
  try {
    const { status } = await fetch(`${boot.bridgeUrl}/healthz`, { credentials: 'omit' })
    return status < 500
  } catch {
    return false
  }
}

/** Until the time is over, the computer has a network again, or the person asks. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      window.removeEventListener('online', done)
      lookNow = () => {}
      resolve()
    }
    lookNow = done
    window.addEventListener('online', done)
  })
}
