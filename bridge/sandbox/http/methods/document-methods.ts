import type { Document } from '../../site/contract.ts'
import { permissionError } from '../../site/index.ts'
import type { Call } from '../exchange.ts'
import { withoutNulls } from '../wire-document.ts'

/** Whitelisted methods every document has (`run_method`, `run_doc_method`). */
export function runDocumentMethod(call: Call, document: Document, method: string): unknown {
  if (method === 'submit') return withoutNulls(call.site.submit(document))
  if (method === 'cancel') return withoutNulls(call.site.cancel(document))
  if (method === 'save') return withoutNulls(call.site.save(document))
  throw permissionError(
    `<details><summary>You are not permitted to access this resource.</summary>Function <strong>${document.doctype}.${method}</strong> is not whitelisted.</details>`,
    { title: 'Method Not Allowed' },
  )
}
