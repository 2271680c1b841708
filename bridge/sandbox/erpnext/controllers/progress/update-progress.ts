import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { PROGRESS_LINKS, type ProgressLink } from './links.ts'
import { orderStatus } from './order-status.ts'

/** Brings the orders, deliveries and requests that `document` follows from up to date. */
export function updateProgress(document: Document, site: SiteContext): void {
  for (const link of PROGRESS_LINKS) {
    if (link.from !== document.doctype) continue
    if (link.needsStock && document.update_stock !== 1) continue
    const targets = new Set(rowsOf(document, 'items').map((row) => textOf(row, link.documentField)))
    targets.delete('')
    for (const name of targets) updateTarget(link, name, document, site)
  }
}

function updateTarget(
  link: ProgressLink,
  name: string,
  document: Document,
  site: SiteContext,
): void {
  const target = site.getDoc(link.to, name)
  checkTarget(target, document)
  for (const row of rowsOf(target, 'items')) {
    const done = doneFor(link, row.name, site)
    if (document.docstatus === 1) checkAllowance(link, row, done, document)
    row[link.target] = done
    site.dbSet(row.doctype, row.name, { [link.target]: done }, false)
  }
  target[link.percentage] = percentageOf(link, rowsOf(target, 'items'))
  const status = orderStatus(target)
  site.dbSet(link.to, name, {
    [link.percentage]: target[link.percentage],
    status,
    ...labelsOf(target, site),
  })
}

function checkTarget(target: Document, document: Document): void {
  if (target.docstatus === 2 && document.docstatus === 1) {
    refuse(`${target.doctype} ${target.name} is cancelled`, 'InvalidStatusError')
  }
  if (['Closed', 'On Hold'].includes(textOf(target, 'status')) && document.docstatus === 1) {
    refuse(`${target.doctype} ${target.name} is ${textOf(target, 'status')}`, 'InvalidStatusError')
  }
}

/** Sum over the submitted rows that name `detail`; read anew, so that nothing drifts. */
function doneFor(link: ProgressLink, detail: string, site: SiteContext): number {
  const rows = site.getAll(`${link.from} Item`, {
    filters: { [link.rowField]: detail, docstatus: 1 },
    fields: [link.source, 'parent'],
  })
  const counted = rows.filter(
    (row) =>
      !link.needsStock || site.getValue(link.from, textOf(row, 'parent'), 'update_stock') === 1,
  )
  return roundTo(
    counted.reduce((sum, row) => sum + numberOf(row, link.source), 0),
    6,
  )
}

/** ERPNext lets nobody deliver, receive or bill more than was ordered. */
function checkAllowance(link: ProgressLink, row: Document, done: number, document: Document): void {
  const over = roundTo(done - numberOf(row, link.of), 2)
  if (over <= 0.01 || link.to === 'Material Request') return
  if (link.target === 'billed_amt' && link.to !== 'Sales Order' && link.to !== 'Purchase Order')
    return
  const what = link.of === 'amount' ? 'Over Billing Allowance' : 'Over Receipt/Delivery Allowance'
  const settings = link.of === 'amount' ? 'Accounts Settings' : 'Stock Settings'
  refuse(
    `This document is over limit by ${link.of === 'amount' ? 'Amount' : 'Qty'} ${over} for item ${textOf(row, 'item_code')}. Are you making another ${document.doctype} against the same ${link.to}?<br><br>To allow over ${link.of === 'amount' ? 'billing' : 'receipt / delivery'}, update "${what}" in ${settings} or the Item.`,
    'OverAllowanceError',
    'Limit Crossed',
  )
}

function percentageOf(link: ProgressLink, rows: Document[]): number {
  const whole = rows.reduce((sum, row) => sum + Math.abs(numberOf(row, link.of)), 0)
  if (!whole) return 0
  const done = rows.reduce(
    (sum, row) =>
      sum + Math.min(Math.abs(numberOf(row, link.target)), Math.abs(numberOf(row, link.of))),
    0,
  )
  return roundTo((done / whole) * 100, 6)
}

function labelsOf(target: Document, site: SiteContext): Record<string, string> {
  const fields = new Set(site.meta(target.doctype).fields.map((field) => field.fieldname))
  const labels: Record<string, string> = {}
  if (fields.has('delivery_status')) {
    labels.delivery_status = stage(numberOf(target, 'per_delivered'), 'Delivered')
  }
  if (fields.has('billing_status')) {
    labels.billing_status = stage(numberOf(target, 'per_billed'), 'Billed')
  }
  return labels
}

function stage(percentage: number, word: string): string {
  if (percentage >= 99.99) return `Fully ${word}`
  return percentage > 0 ? `Partly ${word}` : `Not ${word}`
}
