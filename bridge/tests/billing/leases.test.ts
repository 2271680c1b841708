import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sql } from 'kysely'
import {
  createBillingFeature,
  type BillingFeature,
  type PlanLimits,
} from '../../src/features/billing/index.ts'
import { billingMigrations } from '../../src/features/billing/index.ts'
import { openSharedState, type Fanout } from '../../src/platform/cache/index.ts'
import { openDatabase, type OpenDatabase } from '../../src/platform/database/index.ts'
import { createLogger } from '../../src/platform/telemetry/index.ts'
import { randomIds } from '../../src/shared/ids.ts'
import type { Clock } from '../../src/shared/clock.ts'

let database: OpenDatabase
let millis = Date.UTC(2026, 10, 24, 8)
const clock: Clock = { now: () => new Date(millis), monotonic: () => millis }

beforeAll(async () => {
  database = await openDatabase({
    url: process.env['STEWARD_TEST_DATABASE_URL'] ?? null,
    migrationUrl: null,
    dataFolder: null,
    migrations: billingMigrations,
  })
}, 60_000)

afterAll(() => database.close())

/** What replicas hear of each other; one of its own hears nobody. */
const newFanout = () => openSharedState(null, clock).fanout

function replica(
  name: string,
  plan: PlanLimits,
  prepareFrom = 1_000,
  fanout: Fanout = newFanout(),
): BillingFeature {
  return createBillingFeature({
    database,
    plans: async () => plan,
    fanout,
    clock,
    ids: randomIds,
    logger: createLogger('silent'),
    replica: name,
    leases: {
      settle_delay_ms: 0,
      prepare_from: prepareFrom,
      block: { requests: 50n, nano_usd: 400n },
    },
  })
}

function limits(changes: Partial<PlanLimits>): PlanLimits {
  return {
    period: 'month',
    requests: null,
    model_nano_usd: null,
    person_requests: null,
    person_model_nano_usd: null,
    ...changes,
  }
}

const call = (team: string, person: string, max: bigint) => ({
  site_id: 'site_a',
  team_id: team,
  person,
  requests: 1 as const,
  max_nano_usd: max,
  longest_ms: 60_000,
  note: {},
})

const leasesOf = (team: string) =>
  database.withSystem('test', (tx) =>
    tx.selectFrom('lease').selectAll().where('team_id', '=', team).execute(),
  )

async function account(team: string, person = '') {
  return database.withTenant({ site_id: 'site_a', team_id: team }, async (tx) => {
    const row = await tx
      .selectFrom('quota_limit')
      .selectAll()
      .where('team_id', '=', team)
      .where('person', '=', person)
      .executeTakeFirstOrThrow()
    return row
  })
}

test('two replicas together never hold or use more than the hard limit, whatever crashes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          replica: fc.nat(1),
          max: fc.integer({ min: 1, max: 300 }),
          share: fc.integer({ min: 0, max: 100 }),
          fate: fc.constantFrom('settled', 'settled', 'settled', 'twice', 'lost'),
        }),
        { minLength: 1, maxLength: 24 },
      ),
      fc.integer({ min: 200, max: 1500 }),
      fc.boolean(),
      fc.constantFrom(2, 1_000),
      fc.boolean(),
      async (calls, limit, crash, prepareFrom, hear) => {
        const team = randomIds.next('team')
        const plan = limits({ model_nano_usd: BigInt(limit), requests: 20 })
        const fanout = hear ? newFanout() : undefined
        const replicas = ['one', 'two'].map((name) => replica(name, plan, prepareFrom, fanout))
        let spent = 0n
        let lost = 0
        let lostAtMost = 0n
        let started = 0
        await Promise.all(
          calls.map(async ({ replica: index, max, share, fate }) => {
            try {
              const spend = await replicas[index]!.spending.begin(call(team, 'a@x', BigInt(max)))
              started += 1
              const actual = BigInt(Math.floor((max * share) / 100))
              if (fate === 'lost') {
                lost += 1
                lostAtMost += BigInt(max)
              } else {
                spent += actual
                spend.settle({ requests: 1, nano_usd: actual })
                if (fate === 'twice') spend.settle({ requests: 1, nano_usd: actual })
              }
            } catch (error) {
              expect((error as { code: string }).code).toMatch(/_exceeded$/)
            }
          }),
        )
        const during = await account(team)
        expect(during.used_nano_usd + during.held_nano_usd).toBeLessThanOrEqual(BigInt(limit))
        expect(during.used_requests + during.held_requests).toBeLessThanOrEqual(20n)
        // A crash: the first replica is never heard of again.
        await replicas[1]!.stop()
        if (!crash) await replicas[0]!.stop()
        millis += 20 * 60_000
        await replica('three', plan).spending.maintain()
        const after = await account(team)
        expect([after.held_nano_usd, after.held_requests]).toEqual([0n, 0n])
        expect(after.used_nano_usd).toBeGreaterThanOrEqual(spent + lostAtMost)
        expect(after.used_requests).toBeLessThanOrEqual(20n)
        if (!crash && (prepareFrom > 2 || lost === 0)) {
          expect(after.used_nano_usd).toBe(spent + lostAtMost)
          expect(after.used_requests).toBe(BigInt(started))
        }
        expect(after.used_nano_usd).toBeLessThanOrEqual(BigInt(limit))
      },
    ),
    { numRuns: 25 },
  )
}, 120_000)

test('what a replica holds idle goes back at the next beat and is there for the other one', async () => {
  const team = randomIds.next('team')
  const plan = limits({ model_nano_usd: 800n })
  const [one, two] = [replica('one', plan), replica('two', plan)]
  const first = await one.spending.begin(call(team, 'a@x', 10n))
  first.settle({ requests: 1, nano_usd: 0n })
  await expect.poll(async () => (await account(team)).used_requests).toBe(1n)
  const tooMuch = () => two.spending.begin(call(team, 'a@x', 750n))
  await expect(tooMuch()).rejects.toMatchObject({ code: 'budget_exceeded' })
  millis += 500
  await one.spending.returnIdle()
  await expect(tooMuch()).rejects.toMatchObject({ code: 'budget_exceeded' })
  millis += 500
  await one.spending.returnIdle()
  await (await tooMuch()).settle({ requests: 1, nano_usd: 750n })
  await Promise.all([one.stop(), two.stop()])
})

test('upkeep while the first share is asked for does not lose that share', async () => {
  const team = randomIds.next('team')
  const one = replica('one', limits({ requests: 16 }))
  let asking = true
  const first = one.spending.begin(call(team, 'a@x', 0n)).finally(() => (asking = false))
  while (asking) {
    await one.spending.returnIdle()
    await setImmediate()
  }
  await first
  await one.spending.begin(call(team, 'a@x', 0n))
  expect(await leasesOf(team)).toHaveLength(1)
  await one.stop()
  const { held_requests: held } = await account(team)
  expect(held).toBe(2n)
})

test('a share whose return failed is renewed no more, and comes back with its lease', async () => {
  const team = randomIds.next('team')
  const one = replica('one', limits({ requests: 16 }))
  const spend = await one.spending.begin(call(team, 'a@x', 0n))
  millis += 1_000
  vi.spyOn(database, 'withSystem').mockRejectedValueOnce(new Error('away'))
  await expect(one.spending.returnIdle()).rejects.toThrow('away')
  await one.spending.begin(call(team, 'a@x', 0n))
  spend.settle({ requests: 1, nano_usd: 0n })
  await one.stop()
  millis += 20 * 60_000
  await one.spending.maintain()
  const { held_requests: held, used_requests: used } = await account(team)
  expect([held, used]).toEqual([0n, 2n])
})

test('a call that ended while the database was away counts at what it cost, not at its maximum', async () => {
  const team = randomIds.next('team')
  const one = replica('one', limits({ model_nano_usd: 1_000n }))
  const spend = await one.spending.begin(call(team, 'a@x', 100n))
  const away = vi.spyOn(database, 'withSystem').mockRejectedValue(new Error('away'))
  spend.settle({ requests: 1, nano_usd: 7n })
  await expect.poll(() => away.mock.calls.length).toBeGreaterThan(5)
  away.mockRestore()
  await expect.poll(async () => (await account(team)).used_nano_usd).toBe(7n)
  await one.stop()
})

test('what another replica holds and does not need is there for the one that has no room', async () => {
  const team = randomIds.next('team')
  const plan = limits({ model_nano_usd: 800n })
  const fanout = newFanout()
  const [one, two] = [replica('one', plan, 1_000, fanout), replica('two', plan, 1_000, fanout)]
  await one.spending.begin(call(team, 'a@x', 10n))
  await expect(two.spending.begin(call(team, 'a@x', 791n))).rejects.toMatchObject({
    code: 'budget_exceeded',
  })
  await two.spending.begin(call(team, 'a@x', 790n))
  expect((await account(team)).held_nano_usd).toBe(800n)
  await Promise.all([one.stop(), two.stop()])
})

test('many calls without room ask the other replicas once', async () => {
  const team = randomIds.next('team')
  const plan = limits({ requests: 16 })
  const fanout = newFanout()
  const asked = vi.spyOn(fanout, 'publish')
  const [one, two] = [replica('one', plan, 1_000, fanout), replica('two', plan, 1_000, fanout)]
  await one.spending.begin(call(team, 'a@x', 0n))
  const begin = () => two.spending.begin(call(team, 'a@x', 0n))
  await Promise.all(Array.from({ length: 15 }, begin))
  const recalls = asked.mock.calls.filter(([channel]) => channel === 'quota:recall')
  expect(recalls).toHaveLength(1)
  await expect(begin()).rejects.toMatchObject({ code: 'quota_exceeded' })
  await Promise.all([one.stop(), two.stop()])
})

test('a killed replica gives back what was provably not started and keeps the started at maximum', async () => {
  const team = randomIds.next('team')
  const plan = limits({ model_nano_usd: 1_000n })
  const killed = replica('killed', plan)
  await killed.spending.begin(call(team, 'a@x', 100n))
  const held = await account(team)
  expect(held.held_nano_usd).toBeGreaterThan(100n)
  millis += 20 * 60_000
  const other = replica('other', plan)
  await other.spending.maintain()
  const after = await account(team)
  expect([after.used_nano_usd, after.held_nano_usd]).toEqual([100n, 0n])
  await expect(other.spending.begin(call(team, 'a@x', 901n))).rejects.toMatchObject({
    code: 'budget_exceeded',
  })
  await (await other.spending.begin(call(team, 'a@x', 900n))).settle({ requests: 1, nano_usd: 0n })
  await other.stop()
})

test('a lost call that turns out to have cost less is corrected', async () => {
  const team = randomIds.next('team')
  const plan = limits({ model_nano_usd: 1_000n })
  const lost = await replica('killed', plan).spending.begin(call(team, 'a@x', 500n))
  millis += 20 * 60_000
  const other = replica('other', plan)
  await other.spending.maintain()
  const found = await other.spending.lostStarts(clock.now())
  expect(found.map((start) => start.call_id)).toContain(lost.call_id)
  await other.spending.settleLost(lost.call_id, { requests: 1, nano_usd: 20n })
  await other.spending.settleLost(lost.call_id, { requests: 1, nano_usd: 20n })
  expect((await account(team)).used_nano_usd).toBe(20n)
})

test("a late settle of a replica that was taken for dead counts once, in the person's cap too", async () => {
  const team = randomIds.next('team')
  const plan = limits({ model_nano_usd: 1_000n, person_model_nano_usd: 600n })
  const slow = replica('slow', plan)
  const spend = await slow.spending.begin(call(team, 'a@x', 400n))
  millis += 20 * 60_000
  await replica('other', plan).spending.maintain()
  expect((await account(team, 'a@x')).used_nano_usd).toBe(400n)
  spend.settle({ requests: 1, nano_usd: 30n })
  await slow.stop()
  expect((await account(team)).used_nano_usd).toBe(30n)
  expect((await account(team, 'a@x')).used_nano_usd).toBe(30n)
})

test('a person with a cap is stopped while the team still has money', async () => {
  const team = randomIds.next('team')
  const plan = limits({ model_nano_usd: 10_000n, person_model_nano_usd: 100n })
  const one = replica('one', plan)
  await one.spending.begin(call(team, 'a@x', 80n))
  await expect(one.spending.begin(call(team, 'a@x', 80n))).rejects.toMatchObject({
    code: 'budget_exceeded',
  })
  await one.spending.begin(call(team, 'b@x', 80n))
  await one.stop()
})

test('a call whose deadline passes the end of the lease is only started on a renewed lease', async () => {
  const team = randomIds.next('team')
  const one = replica('one', limits({ model_nano_usd: 10_000n }))
  await one.spending.begin(call(team, 'a@x', 10n))
  millis += 4.9 * 60_000
  await one.spending.begin(call(team, 'a@x', 10n))
  const lease = await leasesOf(team)
  expect(lease).toHaveLength(1)
  expect(lease[0]!.expires_at.getTime()).toBeGreaterThan(millis + 60_000 + 5_000)
  await one.stop()
})

test('many requests at once are held once each, counted once, and never beyond the limit', async () => {
  const team = randomIds.next('team')
  const { spending, stop } = replica('one', limits({ requests: 5 }))
  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, () => spending.begin(call(team, 'a@x', 0n))),
  )
  const held = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(held).toHaveLength(5)
  held[0]!.settle({ requests: 1, nano_usd: 0n })
  held[0]!.settle({ requests: 0, nano_usd: 0n })
  held[1]!.settle({ requests: 0, nano_usd: 0n })
  held[1]!.settle({ requests: 1, nano_usd: 0n })
  await stop()
  const row = await account(team)
  expect([row.used_requests, row.held_requests]).toEqual([1n, 3n])
})

test('one team cannot see or use the quota of another', async () => {
  const [mine, theirs] = [randomIds.next('team'), randomIds.next('team')]
  const one = replica('one', limits({ requests: 3 }))
  for (let count = 0; count < 3; count += 1) await one.spending.begin(call(theirs, 'b@x', 0n))
  const seen = await database.withTenant({ site_id: 'site_a', team_id: mine }, (tx) =>
    sql<{ count: bigint }>`select count(*) as count from quota_limit`.execute(tx),
  )
  expect(seen.rows[0]!.count).toBe(0n)
  for (let count = 0; count < 3; count += 1) await one.spending.begin(call(mine, 'a@x', 0n))
})
