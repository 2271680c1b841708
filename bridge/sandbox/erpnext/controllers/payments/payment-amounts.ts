import type { Document } from '../../../site/contract.ts'
import { numberOf, rowsOf, sumOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'

/** What is allocated, what is left over, and what does not add up. */
export function setPaymentAmounts(document: Document): void {
  const sameCurrency = document.paid_from_account_currency === document.paid_to_account_currency
  if (sameCurrency) {
    if (numberOf(document, 'paid_amount')) document.received_amount = document.paid_amount
    document.target_exchange_rate = document.source_exchange_rate
  }
  document.base_paid_amount = product(document, 'paid_amount', 'source_exchange_rate')
  document.base_received_amount = product(document, 'received_amount', 'target_exchange_rate')
  for (const field of ['paid_amount', 'received_amount']) {
    document[`${field}_after_tax`] = document[field]
    document[`base_${field}_after_tax`] = document[`base_${field}`]
  }
  setAllocated(document)
  setUnallocated(document)
  setDifference(document)
}

function product(document: Document, amount: string, rate: string): number {
  return roundTo(numberOf(document, amount) * numberOf(document, rate))
}

function setAllocated(document: Document): void {
  const rows = rowsOf(document, 'references')
  const rate = partyRate(document)
  document.total_allocated_amount = roundTo(Math.abs(sumOf(rows, 'allocated_amount')))
  document.base_total_allocated_amount = roundTo(
    Math.abs(
      rows.reduce((sum, row) => {
        const own = numberOf(row, 'exchange_rate') || rate
        return sum + roundTo(numberOf(row, 'allocated_amount') * own)
      }, 0),
    ),
  )
}

function partyRate(document: Document): number {
  const field =
    document.payment_type === 'Receive' ? 'source_exchange_rate' : 'target_exchange_rate'
  return numberOf(document, field) || 1
}

function setUnallocated(document: Document): void {
  document.unallocated_amount = 0
  if (!document.party) return
  const isIn = document.payment_type === 'Receive'
  const base = numberOf(document, isIn ? 'base_paid_amount' : 'base_received_amount')
  const deducted = sumOf(rowsOf(document, 'deductions'), 'amount') * (isIn ? 1 : -1)
  const rest = base + deducted - numberOf(document, 'base_total_allocated_amount')
  if (rest > 0) document.unallocated_amount = roundTo(rest / partyRate(document))
}

function setDifference(document: Document): void {
  const rate = partyRate(document)
  const unallocated = numberOf(document, 'unallocated_amount') * rate
  const party = numberOf(document, 'base_total_allocated_amount') + unallocated
  const paid = numberOf(document, 'base_paid_amount')
  const received = numberOf(document, 'base_received_amount')
  const difference =
    document.payment_type === 'Receive'
      ? party - received
      : document.payment_type === 'Pay'
        ? paid - party
        : paid - received
  const deducted = sumOf(rowsOf(document, 'deductions'), 'amount')
  document.difference_amount = roundTo(difference - deducted)
}
