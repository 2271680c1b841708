import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FAULT_CASES } from '../../bench/gateway-fault-cases.ts'
import { runFault } from '../../bench/gateway-fault-run.ts'
import { openGatewayDatabase } from '../../bench/gateway-stack.ts'
import type { OpenDatabase } from '../../src/platform/database/index.ts'

let database: OpenDatabase

beforeAll(async () => {
  database = await openGatewayDatabase()
}, 60_000)

afterAll(() => database.close())

describe('with the first of two upstreams failing', () => {
  test.each(FAULT_CASES)('$name', async (fault) => {
    const outcome = await runFault(fault, database)
    expect(outcome.first_calls).toBe(1)
    expect(outcome.first_calls_after).toBe(fault.rests ? 0 : 1)
    const last = outcome.ledger.at(-1)
    if (fault.expected === 'other') {
      expect(outcome).toMatchObject({
        status: 200,
        text: 'Hello from the second',
        finish_reason: 'stop',
        ended_with_done: true,
        error: null,
      })
      expect(outcome.ledger.map((row) => row.provider)).toEqual(['first', 'second'])
      // 20 prompt tokens and 8 completion tokens at ten dollars a million.
      expect(last).toMatchObject({ outcome: 'finished', nano_usd: 280_000n })
    } else if (fault.expected === 'cut') {
      expect(outcome).toMatchObject({
        text: 'Hello there',
        finish_reason: null,
        ended_with_done: false,
      })
      expect(outcome.error).not.toBeNull()
      expect(outcome.ledger).toHaveLength(1)
      expect(last?.nano_usd).toBeGreaterThan(0n)
    } else if (fault.expected === 'whole') {
      expect(outcome).toMatchObject({ text: 'Hello from the first', finish_reason: 'stop' })
      expect(outcome.ledger).toHaveLength(1)
    } else {
      expect(outcome.stopped_after_ms).toBeLessThan(300)
      expect(last).toMatchObject({ provider: 'first', outcome: 'cancelled' })
      expect(last?.nano_usd).toBeGreaterThan(0n)
    }
  })
})
