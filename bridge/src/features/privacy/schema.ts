import { z } from 'zod'
import { pageQuery } from '../../http/index.ts'

export const auditEventSchema = z
  .object({
    seq: z.int().meta({ description: "Position in the team's chain, from 1 without a gap" }),
    at: z.iso.datetime(),
    action: z.string(),
    person: z.string().nullable(),
    target_kind: z.string(),
    target_id: z.string(),
    details: z.record(z.string(), z.unknown()),
    previous_hash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' })

export const auditChainSchema = z
  .object({
    entries: z.int().meta({ description: 'Entries that are in order' }),
    head: z.string().meta({ description: 'Hash of the last entry in order; empty without any' }),
    broken: z
      .object({ seq: z.int(), reason: z.string() })
      .nullable()
      .meta({ description: 'The first entry that is not as it was written' }),
    checked_from: z.int().meta({ description: 'The first entry that was recomputed now' }),
    checked_before: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the entries before it were found in order' }),
    complete: z
      .boolean()
      .meta({ description: 'False: more entries than one call looks at; call again to go on' }),
  })
  .meta({ id: 'AuditChain' })

export const chainQuery = z.object({
  from: z
    .enum(['last', 'start'])
    .default('last')
    .describe('`start` looks at every entry again, from the first.'),
})

export const auditQuery = pageQuery.extend({
  action: z.string().max(80).optional().describe('`operation.applied`, or `operation` for all.'),
  person: z.string().max(200).optional(),
  target_id: z.string().max(200).optional(),
  from: z.iso.date().optional().describe('First day, UTC.'),
  to: z.iso.date().optional().describe('Last day, UTC.'),
  format: z.enum(['json', 'csv']).default('json').describe('CSV has up to 10,000 entries.'),
})

export type AuditQuery = z.infer<typeof auditQuery>
