import type { Insertable } from 'kysely'
import type { Database } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { BatchWriter } from '../../shared/batch-writer.ts'
import { persistently } from '../../shared/persistent-write.ts'
import type { ModelCallTable } from './tables.ts'
import { insertCalls } from './ledger-store.ts'

export type LedgerRow = Insertable<ModelCallTable>

/**
 * Writes ledger rows in batches, off the path of the call. A row is not lost with the process: the
 * start of its call is on record, and what the ledger lacks is filled in from there.
 */
export class Ledger {
  readonly #delayMs: number
  readonly #logger: Logger
  readonly #batches: BatchWriter<LedgerRow, void>

  constructor(database: Database, logger: Logger, delayMs: number) {
    this.#logger = logger
    this.#delayMs = delayMs
    this.#batches = new BatchWriter(
      (rows) => database.systemStatement('write the ledger', (tx) => insertCalls(tx, rows)),
      { delayMs, limit: 200 },
    )
  }

  add(row: LedgerRow): void {
    void this.#write(row)
  }

  flush(): Promise<void> {
    return this.#batches.flush()
  }

  async #write(row: LedgerRow): Promise<void> {
    try {
      await persistently(() => this.#batches.add(row), Math.max(1, this.#delayMs))
    } catch (err) {
      // The quota has counted the call all the same; the operator finds here what the ledger lacks.
      this.#logger.error({ err, row }, 'a call could not be written to the ledger')
    }
  }
}
