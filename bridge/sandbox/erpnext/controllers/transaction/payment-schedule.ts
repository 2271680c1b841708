import type { Document, SiteContext } from '../../../site/contract.ts'
import { appendRow } from '../../child-rows.ts'
import { addDays, addMonths, lastDayOfMonth } from '../../dates.ts'
import { fillEmpty, numberOf, rowsOf, sumOf, textOf } from '../../document-fields.ts'
import { formatDate } from '../../format.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { isReturn } from './kinds.ts'
import { amountDue } from './totals.ts'

/** When a party owes what: rows from the payment terms, else one row; then the due date. */
export function setPaymentSchedule(document: Document, site: SiteContext): void {
  if (isReturn(document)) {
    if (document.doctype.endsWith('Invoice')) fillEmpty(document, 'due_date', document.posting_date)
    return
  }
  const from =
    textOf(document, 'bill_date') ||
    textOf(document, 'posting_date') ||
    textOf(document, 'transaction_date')
  if (document.doctype === 'Sales Invoice' && !document.customer && !document.due_date) {
    refuse('Due Date is mandatory')
  }
  checkDates(document)
  setDueDate(document, from, site)
  if (!rowsOf(document, 'payment_schedule').length) planRows(document, from, site)
  setAmounts(document)
  checkAmounts(document)
  checkDueDate(document, from, site)
}

function planRows(document: Document, from: string, site: SiteContext): void {
  const template = textOf(document, 'payment_terms_template')
  const add = (values: Record<string, unknown>) =>
    appendRow(document, 'payment_schedule', values, site)
  if (!template) {
    add({ due_date: textOf(document, 'due_date') || from, invoice_portion: 100 })
    return
  }
  for (const term of rowsOf(site.getDoc('Payment Terms Template', template), 'terms')) {
    add({
      payment_term: term.payment_term,
      description: term.description,
      invoice_portion: term.invoice_portion,
      mode_of_payment: term.mode_of_payment,
      due_date: termDueDate(term, from),
    })
  }
}

/**
 * The due date of rows that stand; else the template's, whose terms ERPNext counts one after the
 * other, though the rows it then plans all count from the invoice's date.
 */
function setDueDate(document: Document, from: string, site: SiteContext): void {
  if (!document.doctype.endsWith('Invoice')) return
  const dates = rowsOf(document, 'payment_schedule').map((row) => textOf(row, 'due_date'))
  const latest = dates.filter(Boolean).sort().at(-1)
  if (latest) document.due_date = latest
  else fillEmpty(document, 'due_date', templateDueDate(document, from, site) || from)
}

function templateDueDate(document: Document, from: string, site: SiteContext): string {
  const template = textOf(document, 'payment_terms_template')
  if (!template || !site.exists('Payment Terms Template', template)) return ''
  const terms = rowsOf(site.getDoc('Payment Terms Template', template), 'terms')
  return terms.reduce((date, term) => {
    const next = termDueDate(term, date)
    return next > date ? next : date
  }, from)
}

/** A term counts from the invoice's date, the end of its month, or months after that. */
function termDueDate(term: Document, from: string): string {
  const days = numberOf(term, 'credit_days')
  switch (term.due_date_based_on) {
    case 'Day(s) after the end of the invoice month':
      return addDays(lastDayOfMonth(from), days)
    case 'Month(s) after the end of the invoice month':
      return lastDayOfMonth(addMonths(lastDayOfMonth(from), numberOf(term, 'credit_months')))
    default:
      return addDays(from, days)
  }
}

function setAmounts(document: Document): void {
  const total = amountDue(document)
  const base = numberOf(document, 'base_rounded_total') || numberOf(document, 'base_grand_total')
  for (const row of rowsOf(document, 'payment_schedule')) {
    const portion = numberOf(row, 'invoice_portion') / 100
    if (!portion) continue
    row.payment_amount = roundTo(total * portion)
    row.base_payment_amount = roundTo(base * portion)
    row.outstanding = row.payment_amount
  }
}

function checkAmounts(document: Document): void {
  const rows = rowsOf(document, 'payment_schedule')
  const difference = roundTo(sumOf(rows, 'payment_amount') - amountDue(document))
  if (Math.abs(difference) > 0.1) {
    refuse('Total Payment Amount in Payment Schedule must be equal to Grand / Rounded Total')
  }
}

function checkDates(document: Document): void {
  const rows = rowsOf(document, 'payment_schedule')
  const from = textOf(document, 'posting_date') || textOf(document, 'transaction_date')
  for (const row of rows) {
    const isEarly = document.doctype !== 'Purchase Invoice' && textOf(row, 'due_date') < from
    if (isEarly && document.doctype === 'Sales Order') {
      refuse(`Row ${row.idx}: Due Date in the Payment Terms table cannot be before Posting Date`)
    }
  }
  const dates = rows.map((row) => textOf(row, 'due_date'))
  const twice = rows.filter((_row, index) => dates.indexOf(dates[index] ?? '') < index)
  if (twice.length) {
    const listed = twice.map((row) => `<br>${textOf(row, 'due_date')} in row ${row.idx}`).join('')
    refuse(`Rows with duplicate due dates in other rows were found: ${listed}`)
  }
}

/** Not before the invoice, and not after what the payment terms grant. */
function checkDueDate(document: Document, from: string, site: SiteContext): void {
  if (!document.doctype.endsWith('Invoice')) return
  const due = textOf(document, 'due_date')
  if (due < from) refuse('Due Date cannot be before Posting / Supplier Invoice Date')
  const granted = templateDueDate(document, from, site)
  if (granted && granted !== document.posting_date && due > granted) {
    refuse(`Due / Reference Date cannot be after ${formatDate(granted, site)}`)
  }
}
