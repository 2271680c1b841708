import { randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { idempotencyKeys, KeptAnswers } from '../../src/http/index.ts'
import { answerOnce } from '../../src/http/idempotency/index.ts'
import type { AuthContext } from '../../src/http/index.ts'
import { createSealer } from '../../src/platform/crypto/index.ts'
import { openDatabase } from '../../src/platform/database/index.ts'
import { systemClock } from '../../src/shared/clock.ts'

const auth = { site_id: 'site', team_id: 'team', person: 'ann@example.com' } as AuthContext

it('is not done again when what it answered could not be kept', async () => {
  const database = await openDatabase({
    url: null,
    migrationUrl: null,
    dataFolder: null,
    migrations: [idempotencyKeys],
  })
  let away = false
  const kept = new KeptAnswers({
    database: {
      ...database,
      tenantStatement: (tenant, run) =>
        away ? Promise.reject(new Error('connection lost')) : database.tenantStatement(tenant, run),
    },
    sealer: createSealer([{ id: 'k1', key: randomBytes(32) }]),
    clock: systemClock,
  })
  let done = 0
  const call = () => ({ req: postWithKey(), res: answer(), status: 201 })

  const first = answerOnce(kept, auth, call(), async () => {
    done += 1
    away = true
    return { id: 'made' }
  })
  expect(await first).toEqual({ id: 'made' })
  away = false
  const again = answerOnce(kept, auth, call(), async () => (done += 1))
  await expect(again).rejects.toMatchObject({ code: 'idempotency_conflict' })
  expect(done).toBe(1)
  await database.close()
})

function postWithKey(): Request {
  const get = (name: string) => (name === 'Idempotency-Key' ? 'key-unkept-1' : undefined)
  return { get, method: 'POST', baseUrl: '/v1', path: '/api-keys', body: { name: 'A' } } as Request
}

function answer(): Response {
  const locals = { parent_logger: pino({ level: 'silent' }), request_id: 'request' }
  return { locals, headersSent: false } as unknown as Response
}
