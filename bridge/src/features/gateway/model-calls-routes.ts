import { z } from 'zod'
import { roleAtLeast, type ApiRouter, type AuthContext } from '../../http/index.ts'
import type { Database } from '../../platform/database/index.ts'
import { usdFromNanoUsd } from '../../shared/money.ts'
import type { Ledger } from './ledger.ts'
import { callsOfRequest } from './usage-store.ts'

const modelCallSchema = z
  .object({
    id: z.string(),
    purpose: z.string(),
    provider: z.string(),
    model: z.string(),
    tier: z.string(),
    outcome: z.string().meta({ description: '`finished`, or the kind of failure' }),
    finish_reason: z.string().nullable(),
    input_tokens: z.int(),
    cached_input_tokens: z.int(),
    cache_write_tokens: z.int(),
    output_tokens: z.int(),
    reasoning_tokens: z.int(),
    usage_source: z.string().meta({ description: '`provider`, or `estimated`' }),
    cost_usd: z.number(),
    first_token_ms: z.int().nullable(),
    total_ms: z.int(),
    started_at: z.iso.datetime(),
  })
  .meta({ id: 'ModelCall' })

/** Every call to a provider that one request made, the failed ones that were fallen back from too. */
export function registerModelCallRoutes(
  api: ApiRouter,
  ports: { database: Database; ledger: Ledger },
): void {
  api.route({
    method: 'get',
    path: '/requests/{id}/model-calls',
    summary: 'The model calls of a request, in order: what each took, cost and came to',
    tags: ['gateway'],
    auth: 'session',
    params: z.object({ id: z.string().min(1).max(80) }),
    response: { 200: z.object({ data: z.array(modelCallSchema) }) },
    handler: async ({ auth, params }) => ({ data: await modelCalls(ports, auth, params.id) }),
  })
}

/** People see the calls of their own requests, managers the team's. */
async function modelCalls(
  { database, ledger }: { database: Database; ledger: Ledger },
  auth: AuthContext,
  requestId: string,
) {
  await ledger.flush()
  const person = roleAtLeast(auth.role, 'manager') ? null : auth.person
  const rows = await database.tenantStatement(auth, (tx) => callsOfRequest(tx, requestId, person))
  return rows.map(({ nano_usd, started_at, ...call }) => ({
    ...call,
    cost_usd: usdFromNanoUsd(nano_usd),
    started_at: started_at.toISOString(),
  }))
}
