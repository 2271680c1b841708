import type { Ledger } from './ledger.ts'
import type { SpendingPort } from './ports.ts'

/**
 * Writes the ledger rows of calls whose replica died: nobody knows what they used, so they stand at
 * the most they could have cost, as they do in the team's quota. Requests that were being answered
 * count too, but are no model calls.
 */
export async function recordLostCalls(
  spending: SpendingPort,
  ledger: Ledger,
  before: Date,
): Promise<number> {
  const lost = await spending.lostStarts(before)
  for (const start of lost.filter(isModelCall)) {
    const note = (name: string) => String(start.note[name] ?? '')
    ledger.add({
      id: start.call_id,
      site_id: start.site_id,
      team_id: start.team_id,
      person: start.person,
      request_id: note('request_id'),
      purpose: note('purpose'),
      doctype: null,
      api_key_id: null,
      provider: note('provider'),
      model: note('model'),
      tier: note('tier'),
      outcome: 'lost',
      finish_reason: null,
      input_tokens: 0,
      cached_input_tokens: 0,
      cache_write_tokens: 0,
      output_tokens: 0,
      reasoning_tokens: 0,
      nano_usd: start.max_nano_usd,
      provider_nano_usd: null,
      large_nano_usd: start.max_nano_usd,
      usage_source: 'estimated',
      first_token_ms: null,
      total_ms: 0,
      started_at: start.started_at,
    })
  }
  await ledger.flush()
  for (const start of lost) {
    await spending.settleLost(start.call_id, { requests: 1, nano_usd: start.max_nano_usd })
  }
  return lost.length
}

type LostStart = Awaited<ReturnType<SpendingPort['lostStarts']>>[number]

/** Starts recorded ahead say of whom, not of what; without money they were a request's. */
function isModelCall({ note, max_nano_usd }: LostStart): boolean {
  return note.purpose !== 'request' && (note.prepared !== true || max_nano_usd > 0n)
}
