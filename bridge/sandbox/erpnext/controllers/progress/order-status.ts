import type { Document } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'

/** The status of an order, delivery, receipt or request from how far it has come. */
export function orderStatus(document: Document): string {
  if (document.docstatus === 2) return 'Cancelled'
  if (document.docstatus === 0) return 'Draft'
  const held = textOf(document, 'status')
  if (held === 'Closed' || held === 'On Hold' || held === 'Stopped') return held
  return SUBMITTED[document.doctype]?.(document) ?? (held || 'Submitted')
}

const SUBMITTED: Record<string, (document: Document) => string> = {
  'Sales Order': (order) => openStages(order, 'per_delivered', 'Deliver'),
  'Purchase Order': (order) => openStages(order, 'per_received', 'Receive'),
  'Delivery Note': (note) => billedStages(note, 'Partially Billed'),
  'Purchase Receipt': (receipt) => billedStages(receipt, 'Partly Billed'),
  'Material Request': requestStages,
}

function openStages(order: Document, field: string, verb: string): string {
  const moved = numberOf(order, field) >= 100 || order.skip_delivery_note === 1
  const billed = numberOf(order, 'per_billed') >= 100
  if (moved) return billed ? 'Completed' : 'To Bill'
  return billed ? `To ${verb}` : `To ${verb} and Bill`
}

function billedStages(document: Document, partly: string): string {
  if (document.is_return === 1) return 'Return'
  if (numberOf(document, 'per_returned') >= 100) return 'Return Issued'
  const billed = numberOf(document, 'per_billed')
  if (billed >= 100 || numberOf(document, 'grand_total') === 0) return 'Completed'
  return billed > 0 ? partly : 'To Bill'
}

function requestStages(request: Document): string {
  const ordered = numberOf(request, 'per_ordered')
  const received = numberOf(request, 'per_received')
  if (received >= 100) return 'Received'
  if (received > 0) return 'Partially Received'
  if (ordered >= 100)
    return request.material_request_type === 'Material Transfer' ? 'Transferred' : 'Ordered'
  return ordered > 0 ? 'Partially Ordered' : 'Pending'
}
