import type { Database } from '../../platform/database/index.ts'
import { usdFromNanoUsd } from '../../shared/money.ts'
import type { QuotaAccounts, Spender } from './quota-accounts.ts'
import { readAccounts, type AccountKey, type Amounts } from './quota-store.ts'

/** One limit and what is left of it. Null: no limit. */
export interface Quota {
  scope: 'team' | 'person'
  /** Requests are counted; money for models is in US dollars. */
  kind: 'requests' | 'model_cost_usd'
  limit: number | null
  used: number
  /** Held for what is under way. */
  reserved: number
  remaining: number | null
  resets_at: string
}

/** What a person used since a moment, counted from what is kept of it. */
export type OwnUse = (spender: Spender, from: Date) => Promise<Amounts>

export interface QuotaViewPorts {
  database: Database
  accounts: QuotaAccounts
  /** Held by this process and not promised to any call. */
  freeOf: (key: AccountKey) => Amounts
  ownUse: OwnUse
}

/**
 * The limits a person works under: the team's, and their own; where the plan caps no person, what they
 * used without a limit.
 */
export async function readQuotas(
  ports: QuotaViewPorts,
  spender: Spender,
  now: Date,
): Promise<Quota[]> {
  const { team, person, period_end } = await ports.accounts.of(spender, now)
  const rows = await ports.database.tenantStatement(spender, (tx) => readAccounts(tx, team))
  const own = rows.filter((row) => row.person === '' || row.person === spender.person)
  const uncapped = person ? [] : [await withoutCap(ports, spender, team.period_start)]
  return [...own.filter((row) => person || row.person === ''), ...uncapped].flatMap((row) => {
    const free = ports.freeOf(row)
    const common = {
      scope: row.person === '' ? ('team' as const) : ('person' as const),
      resets_at: period_end.toISOString(),
    }
    return [
      {
        ...common,
        kind: 'requests' as const,
        ...figures(row.limit_requests, row.used_requests, row.held_requests - free.requests),
      },
      {
        ...common,
        kind: 'model_cost_usd' as const,
        ...inUsd(figures(row.limit_nano_usd, row.used_nano_usd, row.held_nano_usd - free.nano_usd)),
      },
    ]
  })
}

async function withoutCap(ports: QuotaViewPorts, spender: Spender, from: Date) {
  const { requests, nano_usd } = await ports.ownUse(spender, from)
  return {
    ...{ ...spender, period_start: from, limit_requests: null, limit_nano_usd: null },
    ...{ used_requests: requests, used_nano_usd: nano_usd, held_requests: 0n, held_nano_usd: 0n },
  }
}

type Figures = Pick<Quota, 'limit' | 'used' | 'reserved' | 'remaining'>

function figures(limit: bigint | null, used: bigint, held: bigint): Figures {
  // The row and this process's share are read one after the other.
  const reserved = held > 0n ? held : 0n
  const left = limit === null ? null : limit - used - reserved
  return {
    limit: limit === null ? null : Number(limit),
    used: Number(used),
    reserved: Number(reserved),
    remaining: left === null ? null : Math.max(0, Number(left)),
  }
}

function inUsd({ limit, used, reserved, remaining }: Figures): Figures {
  const usd = (nano: number) => usdFromNanoUsd(BigInt(nano))
  return {
    limit: limit === null ? null : usd(limit),
    used: usd(used),
    reserved: usd(reserved),
    remaining: remaining === null ? null : usd(remaining),
  }
}
