import { sql } from 'kysely'
import type { SystemTransaction, TenantTransaction } from '../database/index.ts'
import { contentOf, type AuditEntry } from './audit-entry.ts'

type Tx = SystemTransaction | TenantTransaction

/**
 * Adds an entry to the team's chain in the transaction of the change it is about. Other entries of
 * the team wait until that transaction ends: make it the last thing of a short one.
 */
export async function appendAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await sql`select audit_append(${contentOf(entry)}, false)`.execute(tx)
}

/**
 * Adds an entry about a record that lives in ERPNext, with what it is now in `details.state`, unless
 * the newest entry about it says the same. Answers whether one was added.
 */
export async function appendAuditIfNew(tx: Tx, entry: AuditEntry): Promise<boolean> {
  const { rows } = await sql<{ seq: bigint | null }>`
    select audit_append(${contentOf(entry)}, true) as seq`.execute(tx)
  return rows[0]?.seq != null
}
