import { sql } from 'kysely'
import type { Database, SystemTransaction } from '../../../platform/database/index.ts'
import type { Logger } from '../../../platform/telemetry/index.ts'
import { usdFromNanoUsd } from '../../../shared/money.ts'
import type { PublishedRecord } from '../../../shared/site-protocol.ts'
import type { SitePublisher } from '../ports.ts'
import type { RequestRow } from '../requests/request-store.ts'

const DOCTYPE = 'Steward Request'
const BATCH = 100
const TEXT_LENGTH = 1_000

type PublishableRow = RequestRow & { operations: number }

/**
 * Publishes requests that are no longer running to ERPNext's read-only doctype. A request whose
 * version moved since is published again; after any outage the same loop catches up. Answers how
 * many were published.
 */
export async function publishRequests(
  database: Database,
  publisher: SitePublisher,
  logger: Logger,
): Promise<number> {
  const rows = await database.systemStatement('find requests to publish', unpublished)
  let published = 0
  for (const [siteId, group] of Map.groupBy(rows, (row) => row.site_id)) {
    try {
      await publisher.upsert(siteId, DOCTYPE, group.map(publishedRecord))
    } catch (err) {
      logger.warn(
        { err, site_id: siteId, requests: group.length },
        'requests are not published yet',
      )
      continue
    }
    await database.systemStatement('mark requests published', (tx) => markPublished(tx, group))
    published += group.length
  }
  return published
}

function unpublished(tx: SystemTransaction): Promise<PublishableRow[]> {
  return tx
    .selectFrom('request')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('operation')
        .select((count) => count.cast<number>(count.fn.countAll(), 'integer').as('operations'))
        .whereRef('operation.request_id', '=', 'request.id')
        .$asScalar()
        .$notNull()
        .as('operations'),
    )
    .whereRef('published_version', '<', 'version')
    .where('state', 'not in', ['queued', 'running'])
    .orderBy('created_at')
    .limit(BATCH)
    .execute()
}

async function markPublished(tx: SystemTransaction, rows: RequestRow[]): Promise<void> {
  await sql`update request set published_version = item.version
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ version }) => version)}::int[])
      as item (id, version)
    where request.id = item.id and request.published_version < item.version`.execute(tx)
}

/** Fields of the doctype Steward Request. */
function publishedRecord(row: PublishableRow): PublishedRecord {
  return {
    external_id: row.id,
    version: row.version,
    values: {
      text: row.text.slice(0, TEXT_LENGTH),
      state: row.state,
      person: row.person,
      team: row.team_id,
      route: row.route ? `${row.route.class} (${row.route.handler})` : null,
      route_reason: row.route?.reason ?? null,
      conversation: row.conversation_id,
      requested_at: row.created_at.toISOString(),
      finished_at: row.finished_at?.toISOString() ?? null,
      operations: row.operations,
      model_calls: row.model_calls,
      cost_usd: usdFromNanoUsd(row.nano_usd),
    },
  }
}
