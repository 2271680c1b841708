import type { Document } from '../../site/contract.ts'
import { html } from '../envelope.ts'
import type { Call } from '../exchange.ts'
import { withoutNulls } from '../wire-document.ts'

/** Whitelisted methods every document has (`run_method`). */
export function runDocumentMethod(call: Call, document: Document, method: string): unknown {
  if (method === 'submit') return withoutNulls(call.site.submit(document))
  if (method === 'cancel') return withoutNulls(call.site.cancel(document))
  if (method === 'save') return withoutNulls(call.site.save(document))
  call.reply.raw = html(404, '<h1>Not Found</h1><p>Method not found</p>')
  return undefined
}
