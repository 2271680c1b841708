import type { Response } from 'express'
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  type ApiRouter,
  type AuthContext,
} from '../../http/index.ts'
import type { Database } from '../../platform/database/index.ts'
import { csvOf } from '../../shared/csv.ts'
import { StewardError } from '../../shared/errors.ts'
import { listAudit, type AuditEventRow, type AuditFilter } from './audit-store.ts'
import { checkChain, type ChainCheckPorts } from './chain-check.ts'
import {
  auditChainSchema,
  chainQuery,
  auditEventSchema,
  auditQuery,
  type AuditQuery,
} from './schema.ts'

const DAY_MS = 86_400_000
const MOST_CSV_ROWS = 10_000

export function registerAuditRoutes(api: ApiRouter, ports: ChainCheckPorts): void {
  const { database } = ports
  api.route({
    method: 'get',
    path: '/audit',
    summary: 'What was done in the team, newest first, each entry chained to the one before it',
    tags: ['Privacy'],
    auth: 'session',
    role: 'manager',
    query: auditQuery,
    response: { 200: pageOf(auditEventSchema) },
    handler: ({ auth, query, res }) =>
      query.format === 'csv' ? sendCsv(database, auth, query, res) : page(database, auth, query),
  })
  api.route({
    method: 'get',
    path: '/audit/chain',
    summary:
      "The team's audit recomputed from where it was found in order last: or where it breaks",
    tags: ['Privacy'],
    auth: 'session',
    role: 'manager',
    query: chainQuery,
    response: { 200: auditChainSchema },
    handler: ({ auth, query }) => checkChain(ports, auth, query.from === 'start'),
  })
}

async function page(database: Database, auth: AuthContext, query: AuditQuery) {
  const { cursor, limit } = query
  const before = cursor === undefined ? null : positionOf(cursor)
  const rows = await database.tenantStatement(auth, (tx) =>
    listAudit(tx, filterOf(query), { before, limit: limit + 1 }),
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    data: rows.slice(0, limit).map(shown),
    next_cursor: last ? encodeCursor([String(last.seq)]) : null,
  }
}

async function sendCsv(
  database: Database,
  auth: AuthContext,
  query: AuditQuery,
  res: Response,
): Promise<undefined> {
  const rows = await database.tenantStatement(auth, (tx) =>
    listAudit(tx, filterOf(query), { before: null, limit: MOST_CSV_ROWS }),
  )
  const columns = Object.keys(auditEventSchema.shape)
  const lines = rows.map((row) =>
    Object.values({ ...shown(row), details: JSON.stringify(row.details) }),
  )
  res.setHeader('Content-Disposition', 'attachment; filename="audit.csv"')
  res.type('text/csv').send(csvOf(columns, lines))
}

function positionOf(cursor: string): bigint {
  const [seq = ''] = decodeCursor(cursor, 1)
  if (/^\d{1,18}$/.test(seq)) return BigInt(seq)
  throw new StewardError('invalid_request', 'The cursor is not one this list gave out.')
}

function filterOf({ action, person, target_id, from, to }: AuditQuery): AuditFilter {
  return {
    ...{ action, person, target_id },
    from: from ? new Date(from) : null,
    until: to ? new Date(new Date(to).getTime() + DAY_MS) : null,
  }
}

function shown(row: AuditEventRow) {
  return {
    seq: Number(row.seq),
    at: row.at.toISOString(),
    action: row.action,
    person: row.person,
    target_kind: row.target_kind,
    target_id: row.target_id,
    details: row.details,
    previous_hash: row.previous_hash,
    hash: row.hash,
  }
}
