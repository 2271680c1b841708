import type { Fanout } from '../../platform/cache/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { keyText } from './quota-accounts.ts'
import type { AccountKey } from './quota-store.ts'

export interface RecallPorts {
  fanout: Fanout
  clock: Clock
  /** Names this process, so that it does not answer itself. */
  owner: string
  /** Returns what this process holds of an account and has promised to no call. */
  giveBack(key: AccountKey): Promise<void>
}

interface RecallMessage {
  from: string
  key: Omit<AccountKey, 'period_start'> & { period_start: string }
}

const RECALL = 'quota:recall'
const RETURNED = 'quota:returned'
/** A replica that is alive answers well within this. */
const WAIT_MS = 300
/** So long an account is not asked for again when nobody answered: its holder is gone. */
const SILENCE_MS = 2_000
const MOST_SILENT = 1_000

/** Asks the other replicas for what they hold of an account that has no room left. */
export class LeaseRecall {
  readonly #ports: RecallPorts
  readonly #asking = new Map<string, Promise<boolean>>()
  readonly #waiting = new Map<string, () => void>()
  readonly #silent = new Map<string, number>()
  readonly #endings: (() => void)[]

  constructor(ports: RecallPorts) {
    this.#ports = ports
    this.#endings = [
      ports.fanout.subscribe(RECALL, (message) => void this.#recalled(message)),
      ports.fanout.subscribe(RETURNED, (account) => this.#waiting.get(account)?.()),
    ]
  }

  /** True when another replica has returned what it did not need; one question at a time. */
  ask(key: AccountKey): Promise<boolean> {
    const account = keyText(key)
    const running = this.#asking.get(account)
    if (running) return running
    const silentSince = this.#silent.get(account) ?? Number.NEGATIVE_INFINITY
    if (this.#ports.clock.monotonic() - silentSince < SILENCE_MS) return Promise.resolve(false)
    const asking = this.#answered(account, key).finally(() => this.#asking.delete(account))
    this.#asking.set(account, asking)
    return asking
  }

  close(): void {
    for (const end of this.#endings) end()
  }

  async #answered(account: string, key: AccountKey): Promise<boolean> {
    const answered = await new Promise<boolean>((resolve) => {
      const late = setTimeout(() => resolve(false), WAIT_MS)
      this.#waiting.set(account, () => {
        clearTimeout(late)
        resolve(true)
      })
      this.#ports.fanout.publish(RECALL, this.#question(key))
    })
    this.#waiting.delete(account)
    if (answered) this.#silent.delete(account)
    else this.#noteSilence(account)
    return answered
  }

  #noteSilence(account: string): void {
    if (this.#silent.size >= MOST_SILENT) this.#silent.clear()
    this.#silent.set(account, this.#ports.clock.monotonic())
  }

  #question({ site_id, team_id, person, period_start }: AccountKey): string {
    const key = { site_id, team_id, person, period_start: period_start.toISOString() }
    return JSON.stringify({ from: this.#ports.owner, key } satisfies RecallMessage)
  }

  async #recalled(message: string): Promise<void> {
    try {
      const { from, key } = JSON.parse(message) as RecallMessage
      if (from === this.#ports.owner) return
      const account = { ...key, period_start: new Date(key.period_start) }
      await this.#ports.giveBack(account)
      this.#ports.fanout.publish(RETURNED, keyText(account))
    } catch {
      // It comes back with its lease; whoever asked hears nothing and refuses.
    }
  }
}
