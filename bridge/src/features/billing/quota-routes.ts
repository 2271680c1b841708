import { z } from 'zod'
import type { ApiRouter } from '../../http/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { readQuotas, type Quota, type QuotaViewPorts } from './quota-view.ts'

const quotaSchema = z
  .object({
    scope: z.enum(['team', 'person']),
    kind: z.enum(['requests', 'model_cost_usd']),
    limit: z.number().nullable().meta({ description: 'Null: no limit' }),
    used: z.number(),
    reserved: z.number().meta({ description: 'Held for what is under way' }),
    remaining: z.number().nullable(),
    resets_at: z.iso.datetime(),
  })
  .meta({ id: 'Quota' }) satisfies z.ZodType<Quota>

export function registerQuotaRoutes(
  api: ApiRouter,
  ports: QuotaViewPorts & { clock: Clock },
): void {
  api.route({
    method: 'get',
    path: '/quotas',
    summary:
      "The team's limits and the person's own use: used, reserved, left, and when they start anew",
    tags: ['Billing'],
    auth: 'session',
    response: { 200: z.object({ data: z.array(quotaSchema) }) },
    handler: async ({ auth }) => ({ data: await readQuotas(ports, auth, ports.clock.now()) }),
  })
}
