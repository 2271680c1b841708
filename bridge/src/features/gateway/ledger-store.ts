import { sql } from 'kysely'
import type { SystemTransaction } from '../../platform/database/index.ts'
import type { LedgerRow } from './ledger.ts'

/** Writes rows that are not there yet; one statement, whatever their number. */
export async function insertCalls(tx: SystemTransaction, rows: LedgerRow[]): Promise<void> {
  const json = JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  await sql`insert into model_call
    select * from jsonb_populate_recordset(null::model_call, ${json}::jsonb)
    on conflict (id) do nothing`.execute(tx)
}
