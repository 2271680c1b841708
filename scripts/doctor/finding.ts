/** One thing that was looked at. `note` is worth knowing, `mend` stops Steward from working well. */
export interface Finding {
  what: string
  state: 'ok' | 'note' | 'mend'
  detail: string
}

/** Hosts that only this machine reaches. */
export const LOOPBACK = /^(localhost|127\.|\[::1\])/

export const ok = (what: string, detail: string): Finding => ({ what, state: 'ok', detail })
export const note = (what: string, detail: string): Finding => ({ what, state: 'note', detail })
export const mend = (what: string, detail: string): Finding => ({ what, state: 'mend', detail })

/** The finding of `look`, or what to mend when it throws. */
export async function found(
  what: string,
  look: () => Promise<Finding>,
  remedy: string,
): Promise<Finding> {
  try {
    return await look()
  } catch (error) {
    return mend(what, `${messageOf(error)} ${remedy}`)
  }
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  const code = (error as { code?: unknown } | null)?.code
  const named = text === '' || text === 'AggregateError' ? String(code ?? text) : text
  return /[.!?]$/.test(named) ? named : `${named}.`
}
