import { createHash } from 'node:crypto'
import { appendAuditIfNew, type AuditEntry } from '../../platform/audit/index.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { SettingsAuthor, SiteModelProvider, SiteSettings } from '../../shared/site-protocol.ts'

export interface SettingsAuditPorts {
  database: Database
  clock: Clock
  /** The team whose chain has what concerns the whole site; null before anybody signed in. */
  teamOf: (siteId: string) => Promise<string | null>
}

type Target = Pick<AuditEntry, 'action' | 'target_kind' | 'target_id'> & { state: unknown }

/**
 * Enters in the chain what changed in the settings that people edit in ERPNext, from when the bridge
 * read them: from then on they hold. Who changed each of them last is the one ERPNext names.
 * Answers false when there is no chain to enter it in yet.
 */
export async function auditSettings(
  ports: SettingsAuditPorts,
  siteId: string,
  settings: SiteSettings,
): Promise<boolean> {
  const team_id = await ports.teamOf(siteId)
  if (!team_id) return false
  const authors = new Map(settings.changed_by?.map((author) => [authorKey(author), author.person]))
  const targets = [...targetsOf(settings), ...(await removed(ports, siteId, team_id, settings))]
  await ports.database.withTenant({ site_id: siteId, team_id }, async (tx) => {
    for (const { state, ...target } of targets) {
      await appendAuditIfNew(tx, {
        ...{ site_id: siteId, team_id, at: ports.clock.now() },
        ...target,
        person: authors.get(keyOf(target)) ?? null,
        details: { state, source: 'site' },
      })
    }
  })
  return true
}

function targetsOf(settings: SiteSettings): Target[] {
  const { enabled, bridge_url, masked_fields, allowed_origins, default_plan } = settings
  return [
    {
      ...{ action: 'settings.changed', target_kind: 'settings', target_id: 'Steward Settings' },
      state: { enabled, bridge_url, masked_fields, allowed_origins, default_plan },
    },
    ...settings.providers.map((provider) => providerTarget(provider.name, stateOf(provider))),
    ...settings.plans.map((plan) => planTarget(plan.name, { ...plan })),
  ]
}

/** Records the chain knows and ERPNext has no more. */
async function removed(
  { database }: SettingsAuditPorts,
  site_id: string,
  team_id: string,
  settings: SiteSettings,
): Promise<Target[]> {
  const known = await database.withTenant({ site_id, team_id }, (tx) =>
    tx
      .selectFrom('audit_event')
      .select(['target_kind', 'target_id'])
      .where('target_kind', 'in', ['provider', 'plan'])
      .distinct()
      .execute(),
  )
  const there = new Set(targetsOf(settings).map(keyOf))
  return known
    .filter((target) => !there.has(keyOf(target)))
    .map(({ target_kind, target_id }) =>
      target_kind === 'plan' ? planTarget(target_id, null) : providerTarget(target_id, null),
    )
}

function authorKey({ kind, name }: SettingsAuthor): string {
  return keyOf({ target_kind: kind, target_id: name })
}

function keyOf(target: { target_kind: string; target_id: string }): string {
  return `${target.target_kind}\n${target.target_id}`
}

function providerTarget(target_id: string, state: unknown): Target {
  return { action: 'provider.changed', target_kind: 'provider', target_id, state }
}

function planTarget(target_id: string, state: unknown): Target {
  return { action: 'plan.changed', target_kind: 'plan', target_id, state }
}

/** All of it but the key, of which a mark shows that it is another one. */
function stateOf({ api_key, ...provider }: SiteModelProvider): Record<string, unknown> {
  const mark = api_key && createHash('sha256').update(`${provider.name}\n${api_key}`).digest('hex')
  return { ...provider, api_key_mark: mark ? mark.slice(0, 8) : null }
}
