import { z } from 'zod'
import { roleAtLeast, type ApiRouter, type AuthContext } from '../../http/index.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { csvOf } from '../../shared/csv.ts'
import { usdFromNanoUsd } from '../../shared/money.ts'
import type { Ledger } from './ledger.ts'
import {
  COST_GROUPS,
  reconcile,
  sumUsage,
  type UsageSums,
  type UsageWindow,
} from './usage-store.ts'

export interface UsagePorts {
  database: Database
  ledger: Ledger
  clock: Clock
}

const DAY_MS = 86_400_000

const windowQuery = z.object({
  from: z.iso.date().optional().describe('First day, UTC; default 30 days ago.'),
  to: z.iso.date().optional().describe('Last day, UTC; default today.'),
  person: z.string().max(200).optional().describe('One person; others need the role manager.'),
})

const costsQuery = windowQuery.extend({
  by: z.enum(COST_GROUPS).default('day'),
  format: z.enum(['json', 'csv']).default('json'),
})

const sums = z.object({
  calls: z.int(),
  failed_calls: z.int(),
  input_tokens: z.int(),
  cached_input_tokens: z.int(),
  output_tokens: z.int(),
  reasoning_tokens: z.int(),
  cost_usd: z.number(),
  large_model_cost_usd: z.number().describe('What the same tokens cost on the large tier.'),
})

const usageSchema = sums.extend({
  from: z.string(),
  to: z.string(),
  reconciliation: z.array(
    z.object({
      model: z.string(),
      calls: z.int(),
      cost_usd: z.number(),
      provider_cost_usd: z.number(),
      difference_usd: z.number(),
    }),
  ),
})

const costsSchema = z.object({ by: z.string(), data: z.array(sums.extend({ key: z.string() })) })

/** Usage and costs out of the ledger. */
export function registerUsageRoutes(api: ApiRouter, ports: UsagePorts): void {
  api.route({
    method: 'get',
    path: '/usage',
    summary: 'What model calls used and cost, reconciled with what providers report',
    tags: ['gateway'],
    auth: 'session',
    query: windowQuery,
    response: { 200: usageSchema },
    handler: ({ auth, query }) => usage(auth, windowOf(auth, query, ports.clock), ports),
  })
  api.route({
    method: 'get',
    path: '/usage/costs',
    summary: 'Costs by day, person, route, model or document type; as JSON or CSV',
    tags: ['gateway'],
    auth: 'session',
    query: costsQuery,
    response: { 200: costsSchema },
    handler: async ({ auth, query, res }) => {
      const window = windowOf(auth, query, ports.clock)
      await ports.ledger.flush()
      const rows = await ports.database.withTenant(auth, (tx) => sumUsage(tx, window, query.by))
      const data = rows.map((row) => ({ key: row.key, ...shown(row) }))
      if (query.format === 'json') return { by: query.by, data }
      res.setHeader('Content-Disposition', `attachment; filename="costs-by-${query.by}.csv"`)
      res.type('text/csv').send(csv(query.by, data))
      return undefined
    },
  })
}

async function usage(auth: AuthContext, window: UsageWindow, ports: UsagePorts) {
  await ports.ledger.flush()
  const [total, differences] = await ports.database.withTenant(auth, async (tx) => [
    await sumUsage(tx, window, null),
    await reconcile(tx, window),
  ])
  return {
    from: day(window.from),
    to: day(new Date(window.to.getTime() - 1)),
    ...shown(total[0] ?? NOTHING),
    reconciliation: differences.map((row) => ({
      model: row.model,
      calls: row.calls,
      cost_usd: usdFromNanoUsd(row.nano_usd),
      provider_cost_usd: usdFromNanoUsd(row.provider_nano_usd),
      difference_usd: usdFromNanoUsd(row.provider_nano_usd - row.nano_usd),
    })),
  }
}

/** People see their own costs; the team's need the role manager. */
function windowOf(
  auth: AuthContext,
  query: z.infer<typeof windowQuery>,
  clock: Clock,
): UsageWindow {
  const today = new Date(day(clock.now()))
  const last = query.to ? new Date(query.to) : today
  const from = query.from ? new Date(query.from) : new Date(today.getTime() - 29 * DAY_MS)
  const all = roleAtLeast(auth.role, 'manager')
  return {
    from,
    to: new Date(last.getTime() + DAY_MS),
    person: all ? (query.person ?? null) : auth.person,
  }
}

const NOTHING: UsageSums = {
  calls: 0,
  failed_calls: 0,
  input_tokens: 0n,
  cached_input_tokens: 0n,
  output_tokens: 0n,
  reasoning_tokens: 0n,
  nano_usd: 0n,
  large_nano_usd: 0n,
}

function shown(row: UsageSums) {
  return {
    calls: row.calls,
    failed_calls: row.failed_calls,
    input_tokens: Number(row.input_tokens),
    cached_input_tokens: Number(row.cached_input_tokens),
    output_tokens: Number(row.output_tokens),
    reasoning_tokens: Number(row.reasoning_tokens),
    cost_usd: usdFromNanoUsd(row.nano_usd),
    large_model_cost_usd: usdFromNanoUsd(row.large_nano_usd),
  }
}

function csv(by: string, rows: ({ key: string } & ReturnType<typeof shown>)[]): string {
  const columns = Object.keys(shown(NOTHING)) as (keyof ReturnType<typeof shown>)[]
  const lines = rows.map((row) => [row.key, ...columns.map((name) => row[name])])
  return csvOf([by, ...columns], lines)
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10)
}
