import type { Insertable } from 'kysely'
import type { Database } from '../../platform/database/index.ts'
import { BatchWriter } from '../../shared/batch-writer.ts'
import type { ModelCallTable } from './tables.ts'
import { insertCalls } from './ledger-store.ts'

export type LedgerRow = Insertable<ModelCallTable>

const ATTEMPTS = 5

/**
 * Writes ledger rows in batches, off the path of the call. A row is not lost with the process: the
 * start of its call is on record, and what the ledger lacks is filled in from there.
 */
export class Ledger {
  readonly #batches: BatchWriter<LedgerRow, void>

  constructor(database: Database, delayMs: number) {
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
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        return await this.#batches.add(row)
      } catch {
        // Goes with the next batch; a row is written once, however often it is sent.
      }
    }
  }
}
