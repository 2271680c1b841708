import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { openSharedState, type SharedState } from '../../src/platform/cache/index.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { startRedis, type RedisServer } from './redis-server.ts'

describe('state shared by replicas over Redis', () => {
  let here: SharedState
  let there: SharedState
  beforeAll(async () => {
    here = openSharedState(inject('redisUrl'), systemClock)
    there = openSharedState(inject('redisUrl'), systemClock)
    for (const state of [here, there]) await untilReachable(state)
  })
  afterAll(async () => {
    await here.close()
    await there.close()
  })

  it('caches for all replicas until it is deleted or its time is over', async () => {
    await here.cache.set('greeting', 'hello', 60_000)
    expect(await there.cache.get('greeting')).toBe('hello')
    await there.cache.delete('greeting')
    expect(await here.cache.get('greeting')).toBeUndefined()
    await here.cache.set('brief', 'x', 30)
    await vi.waitFor(async () => expect(await there.cache.get('brief')).toBeUndefined())
  })

  it('delivers a message to every subscriber of its channel on every replica, and to no other', async () => {
    const got: string[] = []
    const stops = [
      here.fanout.subscribe('news', (message) => got.push(`here ${message}`)),
      there.fanout.subscribe('news', (message) => got.push(`there ${message}`)),
      there.fanout.subscribe('other', (message) => got.push(`other ${message}`)),
    ]
    await published(here, 'news', () => got.includes('here 1') && got.includes('there 1'), '1')
    expect(got.some((line) => line.startsWith('other'))).toBe(false)
    stops[1]?.()
    await published(here, 'news', () => got.includes('here 2'), '2')
    expect(got.includes('there 2')).toBe(false)
    for (const stop of stops) stop()
  })

  it('counts a limit over all replicas together', async () => {
    const limits = [here, there].map((state) => state.limiter('asks', 10, 60))
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => limits[n % 2]!.take('person-1')),
    )
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(10)
    const refused = await limits[0]!.take('person-1')
    expect(refused).toMatchObject({ allowed: false, remaining: 0 })
    expect(refused.resetMs).toBeGreaterThan(0)
    expect((await limits[0]!.take('person-2')).allowed).toBe(true)
  })
})

describe('an outage of Redis', () => {
  let redis: RedisServer
  let here: SharedState
  let there: SharedState
  beforeAll(async () => {
    redis = await startRedis()
    here = openSharedState(redis.url, systemClock)
    there = openSharedState(redis.url, systemClock)
    for (const state of [here, there]) await untilReachable(state)
  })
  afterAll(async () => {
    await here.close()
    await there.close()
    await redis.stop()
  })

  it('makes the cache miss, keeps live events and limits in the process, and is over by itself', async () => {
    const got: string[] = []
    here.fanout.subscribe('live', (message) => got.push(`here ${message}`))
    there.fanout.subscribe('live', (message) => got.push(`there ${message}`))
    await published(here, 'live', () => got.length === 2, 'before')
    await here.cache.set('kept', 'value', 60_000)

    await redis.stop()
    await vi.waitFor(async () => expect(await here.ping()).toBe(false))
    expect(await here.cache.get('kept')).toBeUndefined()
    await here.cache.set('lost', 'value', 60_000)
    await here.cache.delete('lost')
    here.fanout.publish('live', 'during')
    await vi.waitFor(() => expect(got).toContain('here during'))
    expect(got).not.toContain('there during')
    const limiter = here.limiter('outage', 2, 60)
    const answers = [await limiter.take('p'), await limiter.take('p'), await limiter.take('p')]
    expect(answers.map((answer) => answer.allowed)).toEqual([true, true, false])

    redis = await startRedis(redis.port)
    for (const state of [here, there]) await untilReachable(state)
    await here.cache.set('again', 'value', 60_000)
    expect(await there.cache.get('again')).toBe('value')
    await published(
      here,
      'live',
      () => got.includes('there after') && got.includes('here after'),
      'after',
    )
  })
})

function untilReachable(state: SharedState): Promise<void> {
  return vi.waitFor(async () => expect(await state.ping()).toBe(true), { timeout: 20_000 })
}

/** A subscription takes effect a moment later: publishes until the message has been heard. */
async function published(
  state: SharedState,
  channel: string,
  heard: () => boolean,
  message: string,
): Promise<void> {
  await vi.waitFor(
    () => {
      state.fanout.publish(channel, message)
      expect(heard()).toBe(true)
    },
    { timeout: 20_000, interval: 100 },
  )
}
