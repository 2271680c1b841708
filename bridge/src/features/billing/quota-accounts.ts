import { appendAudit } from '../../platform/audit/index.ts'
import type { Database, TenantTransaction } from '../../platform/database/index.ts'
import { StewardError } from '../../shared/errors.ts'
import { hasPersonCap, periodEnd, periodStart, type PlanLimits, type Plans } from './plan.ts'
import { readAccounts, upsertAccount, type AccountKey } from './quota-store.ts'

/** Who spends. */
export interface Spender {
  site_id: string
  team_id: string
  person: string
}

/** The accounts a spender's use counts in, with the end of their period. */
export interface SpenderAccounts {
  team: AccountKey
  /** Null when the plan caps no person. */
  person: AccountKey | null
  period_end: Date
}

/** How long a plan's limits are trusted before they are read again, in milliseconds. */
const FRESH_MS = 30_000

/** Finds and makes accounts; a plan that changed is seen within half a minute. */
export class QuotaAccounts {
  readonly #database: Database
  readonly #plans: Plans
  readonly #known = new Map<string, { accounts: SpenderAccounts; read_at: number }>()

  constructor(database: Database, plans: Plans) {
    this.#database = database
    this.#plans = plans
  }

  /** The accounts of this moment; made in the database when they are new. */
  async of(spender: Spender, now: Date): Promise<SpenderAccounts> {
    const key = `${spender.site_id}\n${spender.team_id}\n${spender.person}`
    const known = this.#known.get(key)
    const time = now.getTime()
    if (
      known &&
      time < known.accounts.period_end.getTime() &&
      Math.abs(time - known.read_at) < FRESH_MS
    ) {
      return known.accounts
    }
    const accounts = await this.#prepare(spender, now)
    if (this.#known.size > 10_000) this.#known.clear()
    this.#known.set(key, { accounts, read_at: time })
    return accounts
  }

  async #prepare(spender: Spender, now: Date): Promise<SpenderAccounts> {
    const plan = await this.#plans(spender.site_id, spender.team_id)
    const start = periodStart(plan, now)
    const team = { ...spender, person: '', period_start: start }
    const person = hasPersonCap(plan) ? { ...spender, period_start: start } : null
    await this.#database.withTenant(spender, async (tx) => {
      const changed = await upsertAccount(tx, team, teamLimits(plan))
      if (person) await upsertAccount(tx, person, personLimits(plan))
      if (changed) await auditLimits(tx, team, plan, now)
    })
    return { team, person, period_end: periodEnd(plan, start) }
  }

  /** The error that names which limit has no room for these amounts. */
  async refusal(
    accounts: SpenderAccounts,
    wanted: { requests: bigint; nano_usd: bigint },
  ): Promise<StewardError> {
    const rows = await this.#database.tenantStatement(accounts.team, (tx) =>
      readAccounts(tx, accounts.team),
    )
    const relevant = rows.filter(
      (row) => row.person === '' || row.person === accounts.person?.person,
    )
    const full = relevant.find(
      (row) =>
        row.limit_requests !== null &&
        row.used_requests + row.held_requests + wanted.requests > row.limit_requests,
    )
    const whose = (person: string) => (person === '' ? 'the team' : 'you')
    const details = { resets_at: accounts.period_end.toISOString() }
    if (full) {
      const message = `The requests of this period are used up for ${whose(full.person)}.`
      return new StewardError('quota_exceeded', message, { details })
    }
    const poor = relevant.find(
      (row) =>
        row.limit_nano_usd !== null &&
        row.used_nano_usd + row.held_nano_usd + wanted.nano_usd > row.limit_nano_usd,
    )
    const message = `The money for models is used up for ${whose(poor?.person ?? '')} in this period.`
    return new StewardError('budget_exceeded', message, { details })
  }
}

/** Limits of a period that is under way were changed, in ERPNext or in the configuration. */
async function auditLimits(
  tx: TenantTransaction,
  { site_id, team_id, period_start }: AccountKey,
  plan: PlanLimits,
  at: Date,
): Promise<void> {
  const { requests, model_nano_usd } = plan
  await appendAudit(tx, {
    ...{ site_id, team_id, at, person: null },
    action: 'limits.changed',
    target_kind: 'limits',
    target_id: period_start.toISOString(),
    details: { requests, model_nano_usd: model_nano_usd?.toString() ?? null },
  })
}

function teamLimits(plan: PlanLimits) {
  return {
    requests: plan.requests === null ? null : BigInt(plan.requests),
    nano_usd: plan.model_nano_usd,
  }
}

function personLimits(plan: PlanLimits) {
  return {
    requests: plan.person_requests === null ? null : BigInt(plan.person_requests),
    nano_usd: plan.person_model_nano_usd,
  }
}

/** The team's account, and the person's where the plan caps persons. */
export function accountKeys(accounts: SpenderAccounts): AccountKey[] {
  return accounts.person ? [accounts.team, accounts.person] : [accounts.team]
}

/** Names an account in memory. */
export function keyText(key: AccountKey): string {
  return `${key.site_id}\n${key.team_id}\n${key.person}\n${key.period_start.getTime()}`
}
