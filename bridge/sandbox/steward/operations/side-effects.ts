import type { OperationPreview } from '../../../src/shared/site-protocol.ts'
import type { SiteContext } from '../../site/contract.ts'
import type { Recorder } from './recorder.ts'

type SideEffect = OperationPreview['side_effects'][number]

/** Shown elsewhere (ledgers, mail) or bookkeeping of the framework itself. */
const UNREMARKABLE = new Set([
  'GL Entry',
  'Stock Ledger Entry',
  'Bin',
  'Company',
  'Comment',
  'Deleted Document',
  'DefaultValue',
  'DocShare',
  'User',
  'File',
  'Steward Operation',
])
const MOST = 50

/** Other documents an operation writes, as the card lists them. */
export function sideEffects(
  recorder: Recorder,
  since: ReturnType<Recorder['marks']>,
  own: { doctype: string; name: string | null },
  site: SiteContext,
): SideEffect[] {
  const listed = new Map<string, SideEffect>()
  const keep = (doctype: string, name: string, change: SideEffect['change']) => {
    if (doctype === own.doctype && name === own.name) return
    if (UNREMARKABLE.has(doctype) || site.meta(doctype).istable) return
    const key = `${doctype} ${name}`
    if (change === 'updated' && listed.has(key)) return
    listed.set(key, { doctype, name: change === 'created' ? null : name, change })
  }
  for (const [doctype, name] of recorder.inserted.slice(since.inserted)) {
    keep(doctype, name, 'created')
  }
  for (const [doctype, name] of recorder.updated.slice(since.updated)) {
    keep(doctype, name, 'updated')
  }
  for (const [doctype, name] of recorder.deleted.slice(since.deleted)) {
    keep(doctype, name, 'deleted')
  }
  return [...listed.values()].slice(0, MOST)
}
