import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  answer,
  refuse,
  startUpstream,
  type Behaviour,
  type MockUpstream,
} from '../../bench/gateway-upstream.ts'
import { PEOPLE } from '../support/sample-people.ts'
import type { BridgeProcess } from '../support/bridge-process.ts'
import { prepareReplicas, signInAt, type Replicas } from './replicas.ts'

const HELLO = answer(['Hello', ' you'])
/** 20 tokens in and 8 out, at ten dollars a million. */
const CALL_NANO_USD = 280_000n

interface Held {
  requests: bigint
  nano_usd: bigint
}

interface Account {
  limit_requests: bigint
  limit_nano_usd: bigint
  used_requests: bigint
  held_requests: bigint
  used_nano_usd: bigint
  held_nano_usd: bigint
}

/** Two replicas, a team with these limits and an API key of theirs. */
class Team {
  replicas!: Replicas
  upstream!: MockUpstream
  a!: BridgeProcess
  b!: BridgeProcess
  #key = ''

  async open(limits: { requests: number; usd: number }): Promise<void> {
    this.upstream = await startUpstream(HELLO)
    this.replicas = await prepareReplicas({
      STEWARD_OPENAI_COMPATIBLE_URL: this.upstream.url,
      STEWARD_SMALL_MODELS: 'openai_compatible/first,openai_compatible/second',
      STEWARD_UNKNOWN_PRICE_CEILING_USD: '10',
    })
    this.replicas.sandbox.site.run('Administrator', (site) =>
      site.dbSet('Steward Plan', 'Sandbox', {
        monthly_requests: limits.requests,
        monthly_model_budget_usd: limits.usd,
      }),
    )
    this.a = await this.replicas.start()
    this.b = await this.replicas.start()
    const manager = await signInAt(this.a, this.replicas.sandbox, PEOPLE.manager)
    const made = await manager
      .on(this.a)
      .post<{ token: string }>('/api-keys', { name: 'test', requests_per_minute: 1_000_000 })
    this.#key = made.token
  }

  async close(): Promise<void> {
    await this.replicas.stop()
    await this.upstream.close()
  }

  /** The status of one completion. */
  async complete(at: BridgeProcess): Promise<number> {
    const response = await fetch(`${at.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'steward-small',
        max_tokens: 50,
        messages: [{ role: 'user', content: 'Hello?' }],
      }),
    })
    await response.arrayBuffer()
    return response.status
  }

  /**
   * Calls both, 24 at a time, until all are refused though nothing is held any more but `orphaned`:
   * what a replica keeps for its next calls comes back when it has none. Answers the successes.
   */
  async exhaust(orphaned: Held = { requests: 0n, nano_usd: 0n }): Promise<number> {
    let done = 0
    const refusedForGood = async () => {
      const before = await this.held()
      const calls = Array.from({ length: 24 }, (_, n) => this.complete(n % 2 ? this.a : this.b))
      const statuses = await Promise.all(calls)
      const served = statuses.filter((status) => status === 200).length
      done += served
      expect(statuses.every((status) => [200, 402, 429].includes(status))).toBe(true)
      expect([served, before, await this.held()]).toEqual([0, orphaned, orphaned])
    }
    await vi.waitFor(refusedForGood, { timeout: 90_000, interval: 20 })
    return done
  }

  async held(): Promise<Held> {
    const { held_requests: requests, held_nano_usd: nano_usd } = await this.account()
    return { requests, nano_usd }
  }

  async account(): Promise<Account> {
    const rows = await this.replicas.sql<Account>(`select * from quota_limit where person = ''`)
    return rows[0] as Account
  }
}

describe('a number of requests, spent on two replicas at once', () => {
  const team = new Team()
  beforeAll(() => team.open({ requests: 150, usd: 1_000 }))
  afterAll(() => team.close())

  it('is never exceeded, and comes back whole from a replica that was killed', async () => {
    const early = await Promise.all([1, 2, 3].map(() => team.complete(team.a)))
    expect(early).toEqual([200, 200, 200])
    await team.a.kill()
    const orphaned = await leased(team.replicas)
    expect(orphaned.requests).toBeGreaterThan(3n)
    team.a = await team.replicas.start()
    const meanwhile = await team.exhaust(orphaned)
    expect((await team.account()).used_requests).toBeLessThan(150n)

    await expireLeases(team.replicas)
    const rest = await team.exhaust()
    expect(rest).toBeGreaterThan(0)
    expect((await team.account()).used_requests).toBe(150n)
    expect(early.length + meanwhile + rest).toBe(150)
    expect(team.upstream.calls).toBe(150)
  }, 240_000)
})

describe('a few requests, most of them held by the other replica', () => {
  const team = new Team()
  beforeAll(() => team.open({ requests: 24, usd: 1_000 }))
  afterAll(() => team.close())

  it('are handed over when they are needed, without a refusal before the last one', async () => {
    expect(await team.complete(team.a)).toBe(200)
    expect((await team.held()).requests).toBeGreaterThan(1n)
    const asked = Array.from({ length: 23 }, () => team.complete(team.b))
    expect(await Promise.all(asked)).toEqual(asked.map(() => 200))
    expect(await team.complete(team.b)).toBe(429)
    expect(await team.complete(team.a)).toBe(429)
  })
})

async function leased(replicas: Replicas): Promise<Held> {
  const [held] = await replicas.sql<Held>(
    `select sum(held_requests)::bigint as requests, sum(held_nano_usd)::bigint as nano_usd
      from lease where state = 'open'`,
  )
  return held as Held
}

/** Time passes for leases that nobody renews any more. */
async function expireLeases(replicas: Replicas): Promise<void> {
  await replicas.sql(`update lease set expires_at = now() - interval '1 hour' where state = 'open'`)
}

describe('money, spent on two replicas at once', () => {
  const team = new Team()
  beforeAll(() => team.open({ requests: 100_000, usd: 0.02 }))
  afterAll(() => team.close())

  it('is not spent on a model that rests because it failed on the other replica', async () => {
    const called: string[] = []
    team.upstream.behave(failing(team, 'first', called))
    expect(await team.complete(team.a)).toBe(200)
    expect(called).toEqual(['first', 'second'])
    expect(await team.complete(team.b)).toBe(200)
    expect(called).toEqual(['first', 'second', 'second'])
  })

  it('is never exceeded, and is spent to the last call that fits', async () => {
    team.upstream.behave(HELLO)
    const done = 2 + (await team.exhaust())
    const account = await team.account()
    expect(account.used_nano_usd).toBe(BigInt(done) * CALL_NANO_USD)
    const ledger = () =>
      team.replicas.sql<{ sum: bigint; count: bigint }>(
        `select sum(nano_usd)::bigint as sum, count(*) as count from model_call
          where outcome = 'finished'`,
      )
    // Rows of the ledger are written in batches, a second after their calls.
    await expect
      .poll(ledger, { timeout: 20_000 })
      .toEqual([{ sum: account.used_nano_usd, count: BigInt(done) }])
    const [call] = await team.replicas.sql<{ most: bigint }>(
      `select max(max_nano_usd) as most from spend`,
    )
    const rest = account.limit_nano_usd - account.used_nano_usd
    expect(rest).toBeGreaterThanOrEqual(0n)
    expect(rest).toBeLessThan(call?.most ?? 0n)
  }, 120_000)
})

/** Refuses one model for half a minute and answers for the others. */
function failing(team: Team, model: string, called: string[]): Behaviour {
  const refusal = refuse(429, { message: 'slow down' }, { 'retry-after': '30' })
  return (res, req) => {
    const asked = (JSON.parse(team.upstream.last_body) as { model: string }).model
    called.push(asked)
    if (asked === model) refusal(res, req)
    else HELLO(res, req)
  }
}
