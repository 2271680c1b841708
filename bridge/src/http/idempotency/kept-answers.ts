import type { Sealer } from '../../platform/crypto/index.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import './tables.ts'

/** Whose key it is. */
interface Owner {
  site_id: string
  team_id: string
  person: string
}

interface Answer {
  status: number
  /** Undefined for an answer without a body. */
  body: unknown
}

type Begun =
  | { kind: 'new' }
  | { kind: 'answered'; answer: Answer }
  /** Answered as a stream, which is not kept. */
  | { kind: 'streamed' }
  | { kind: 'running' }
  | { kind: 'other_request' }

const HOUR_MS = 3_600_000
/** Longer than any request may take. */
const LONGEST_RUN_MS = 5 * 60_000

/** Answers of POSTs by Idempotency-Key, for 24 hours; over all replicas only one runs at a time. */
export class KeptAnswers {
  readonly #database: Database
  readonly #sealer: Sealer
  readonly #clock: Clock

  constructor(ports: { database: Database; sealer: Sealer; clock: Clock }) {
    this.#database = ports.database
    this.#sealer = ports.sealer
    this.#clock = ports.clock
  }

  /** Takes the key for a run, or says what became of the run that has it. */
  async begin(owner: Owner, key: string, fingerprint: string): Promise<Begun> {
    const now = this.#clock.now()
    const run = {
      fingerprint,
      state: 'running' as const,
      answer: null,
      running_until: new Date(now.getTime() + LONGEST_RUN_MS),
      expires_at: new Date(now.getTime() + 24 * HOUR_MS),
    }
    return this.#database.withTenant(owner, async (tx) => {
      const taken = await tx
        .insertInto('idempotency_key')
        .values({ ...identityOf(owner, key), ...run })
        .onConflict((conflict) =>
          conflict
            .columns(['site_id', 'team_id', 'person', 'key'])
            .doUpdateSet(run)
            .where((eb) =>
              eb.or([
                eb('idempotency_key.expires_at', '<', now),
                eb.and([
                  eb('idempotency_key.state', '=', 'running'),
                  eb('idempotency_key.running_until', '<', now),
                  eb('idempotency_key.fingerprint', '=', fingerprint),
                ]),
              ]),
            ),
        )
        .returning('key')
        .executeTakeFirst()
      if (taken) return { kind: 'new' }
      const known = await tx
        .selectFrom('idempotency_key')
        .select(['fingerprint', 'state', 'answer'])
        .where('person', '=', owner.person)
        .where('key', '=', key)
        .executeTakeFirstOrThrow()
      if (known.fingerprint !== fingerprint) return { kind: 'other_request' }
      if (known.state !== 'answered' || known.answer === null) {
        return { kind: known.state === 'streamed' ? 'streamed' : 'running' }
      }
      const text = this.#sealer.open(known.answer, contextOf(owner, key))
      return { kind: 'answered', answer: JSON.parse(text) as Answer }
    })
  }

  /** Keeps what the run answered; null for a stream. */
  async finish(owner: Owner, key: string, answer: Answer | null): Promise<void> {
    const sealed = answer && this.#sealer.seal(JSON.stringify(answer), contextOf(owner, key))
    await this.#database.tenantStatement(owner, (tx) =>
      tx
        .updateTable('idempotency_key')
        .set({ state: answer ? 'answered' : 'streamed', answer: sealed })
        .where('person', '=', owner.person)
        .where('key', '=', key)
        .execute(),
    )
  }

  /** The run failed: the same key may try again. */
  async release(owner: Owner, key: string): Promise<void> {
    await this.#database.tenantStatement(owner, (tx) =>
      tx
        .deleteFrom('idempotency_key')
        .where('person', '=', owner.person)
        .where('key', '=', key)
        .where('state', '=', 'running')
        .execute(),
    )
  }

  /** Deletes keys that are older than a day. */
  async forgetOld(): Promise<void> {
    await this.#database.systemStatement('forget old idempotency keys', (tx) =>
      tx.deleteFrom('idempotency_key').where('expires_at', '<', this.#clock.now()).execute(),
    )
  }
}

function identityOf({ site_id, team_id, person }: Owner, key: string) {
  return { site_id, team_id, person, key }
}

function contextOf(owner: Owner, key: string): string {
  return `idempotency\n${Object.values(identityOf(owner, key)).join('\n')}`
}
