import { afterAll, beforeAll, expect, test } from 'vitest'
import { mockProvider, openGatewayDatabase, startGatewayStack } from '../../bench/gateway-stack.ts'
import { answer, refuse, startUpstream, type Behaviour } from '../../bench/gateway-upstream.ts'
import type { OpenDatabase } from '../../src/platform/database/index.ts'

let database: OpenDatabase

beforeAll(async () => {
  database = await openGatewayDatabase()
}, 60_000)

afterAll(() => database.close())

const hang: Behaviour = () => undefined
const quick = answer(['quick'])
const broken = refuse(500, { message: 'broken' })

/** Requests used and calls paid for after one question to two providers. */
async function ask(first: Behaviour, second: Behaviour, hedge: number | null, limit = 1) {
  const upstreams = [await startUpstream(first), await startUpstream(second)]
  const stack = await startGatewayStack({
    database,
    providers: upstreams.map(({ url }, index) => mockProvider(`p${index}`, url, index)),
    plan: { requests: limit },
    options: {
      hedge_after_ms: hedge,
      deadlines: { total_ms: 5_000, first_token_ms: 150, between_tokens_ms: 1_000 },
    },
  })
  try {
    const response = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'steward-small',
        max_tokens: 50,
        messages: [{ role: 'user', content: 'x' }],
      }),
    })
    await response.text()
    const held = async () => (await counted(stack)).held
    await expect.poll(held, { timeout: 15_000 }).toBe(0n)
    return { status: response.status, ...(await counted(stack)) }
  } finally {
    await stack.close()
    await Promise.all(upstreams.map((upstream) => upstream.close()))
  }
}

async function counted(stack: Awaited<ReturnType<typeof startGatewayStack>>) {
  await stack.settle()
  return database.withTenant(stack.auth, async (tx) => {
    const account = await tx.selectFrom('quota_limit').selectAll().executeTakeFirstOrThrow()
    const spends = await tx.selectFrom('spend').select('state').execute()
    const calls = await tx.selectFrom('model_call').select('nano_usd').execute()
    return {
      used: account.used_requests,
      held: BigInt(spends.filter(({ state }) => state === 'started').length),
      paid_calls: calls.filter(({ nano_usd: cost }) => cost > 0n).length,
    }
  })
}

test('a first attempt that has to be paid and a second that answers are one request', async () => {
  expect(await ask(hang, quick, null)).toMatchObject({ status: 200, used: 1n, paid_calls: 2 })
})

test('a first attempt that never worked leaves the request to the second', async () => {
  expect(await ask(broken, quick, null)).toMatchObject({ status: 200, used: 1n, paid_calls: 1 })
})

test('two attempts that both fail before anybody worked are none', async () => {
  expect(await ask(broken, broken, null)).toMatchObject({ used: 0n, paid_calls: 0 })
})

test('a call and its hedge are one request, whichever of them answers', async () => {
  const slow = answer(['slow'], 100)
  expect(await ask(hang, quick, 30, 5)).toMatchObject({ status: 200, used: 1n })
  expect(await ask(slow, hang, 30, 5)).toMatchObject({ status: 200, used: 1n })
})
