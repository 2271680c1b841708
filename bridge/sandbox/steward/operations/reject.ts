import type { RejectResult } from '../../../src/shared/site-protocol.ts'
import type { SiteContext } from '../../site/contract.ts'
import { textOf } from '../values.ts'
import { insertRows, outcomes, storedRows } from './record.ts'
import { refuse } from './refusal.ts'
import { checkId, isObject, parseJson } from './request.ts'

/** Takes the ids that are still free, so that they can never be applied. */
export function rejectOperations(
  requestId: string,
  operations: unknown,
  reason: string,
  site: SiteContext,
): RejectResult {
  const rows = parseJson(operations)
  if (!Array.isArray(rows) || !rows.length) return refuse('At least one operation is needed.')
  const wanted = new Map<string, Record<string, unknown>>(
    rows.map((row: unknown) => {
      const given = isObject(row) ? row : { operation_id: row }
      return [checkId(given.operation_id), given]
    }),
  )
  const taken = storedRows([...wanted.keys()], site)
  const free = [...wanted].filter(([id]) => !taken.has(id))
  insertRows(
    free.map(([id, row]) => ({
      name: id,
      state: 'rejected',
      action: textOf(row.action) || null,
      reference_doctype: textOf(row.doctype) || null,
      reference_name: typeof row.name === 'string' ? row.name : null,
      person: site.user,
      request_id: requestId,
      reason: reason.slice(0, 500),
    })),
    site,
  )
  return { outcomes: outcomes([...wanted.keys()], site) }
}
