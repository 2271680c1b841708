import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { examine } from '../../../scripts/doctor/examine.ts'
import type { BridgeProcess } from '../support/bridge-process.ts'
import { prepareReplicas, type Replicas } from './replicas.ts'

const ALONE = { REDIS_URL: '' }

let replicas: Replicas
let alone: BridgeProcess

beforeAll(async () => {
  replicas = await prepareReplicas()
  alone = await replicas.start(ALONE)
})
afterAll(() => replicas.stop())

async function readiness(bridge: BridgeProcess): Promise<{ status: number; reasons: string[] }> {
  const answer = await fetch(`${bridge.url}/readyz`)
  return { status: answer.status, ...((await answer.json()) as { reasons: string[] }) }
}

const databaseFinding = async (changes: Record<string, string>) => {
  const findings = await examine({ ...replicas.environment, ...changes })
  return findings.find((finding) => finding.what === 'database')
}

it('lets one process have a database without Redis', async () => {
  expect(await readiness(alone)).toMatchObject({ status: 200, reasons: [] })
  expect(await databaseFinding(ALONE)).toMatchObject({ state: 'ok' })
})

it.each([
  ['another without Redis', ALONE],
  ['one with Redis', {}],
])('keeps %s from serving beside it, and says why', async (_what, environment) => {
  const second = await replicas.start(environment)
  expect(await readiness(second)).toMatchObject({
    status: 503,
    reasons: [expect.stringMatching(/REDIS_URL/)],
  })
  expect(await readiness(alone)).toMatchObject({ status: 200 })
  await second.stop()
})

it('is told by the doctor', async () => {
  expect(await databaseFinding({})).toMatchObject({
    state: 'mend',
    detail: expect.stringMatching(/without REDIS_URL/),
  })
})

it('lets the next one serve as soon as it is killed, and any number with Redis', async () => {
  await alone.kill()
  const shared = await Promise.all([replicas.start(), replicas.start()])
  for (const bridge of shared)
    await vi.waitFor(async () => expect(await readiness(bridge)).toMatchObject({ status: 200 }))
  const late = await replicas.start(ALONE)
  expect(await readiness(late)).toMatchObject({ status: 503 })
  expect(await databaseFinding(ALONE)).toMatchObject({
    state: 'mend',
    detail: expect.stringMatching(/with REDIS_URL/),
  })
})
