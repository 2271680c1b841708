import type { Document } from '../../../site/contract.ts'
import { textOf } from '../../document-fields.ts'

/** What the priced documents of selling and buying have in common, and where they differ. */
export interface TransactionKind {
  side: 'selling' | 'buying'
  /** Field of the date that prices and exchange rates are taken at. */
  dateField: 'transaction_date' | 'posting_date'
  partyField: string
  priceListField: 'selling_price_list' | 'buying_price_list'
  taxTemplate: string
  hasPaymentSchedule: boolean
}

const selling = (
  dateField: TransactionKind['dateField'],
  hasPaymentSchedule: boolean,
  partyField = 'customer',
): TransactionKind => ({
  side: 'selling',
  dateField,
  partyField,
  priceListField: 'selling_price_list',
  taxTemplate: 'Sales Taxes and Charges Template',
  hasPaymentSchedule,
})

const buying = (
  dateField: TransactionKind['dateField'],
  hasPaymentSchedule: boolean,
): TransactionKind => ({
  side: 'buying',
  dateField,
  partyField: 'supplier',
  priceListField: 'buying_price_list',
  taxTemplate: 'Purchase Taxes and Charges Template',
  hasPaymentSchedule,
})

export const TRANSACTION_KINDS: Record<string, TransactionKind> = {
  Quotation: selling('transaction_date', true, 'party_name'),
  'Sales Order': selling('transaction_date', true),
  'Delivery Note': selling('posting_date', false),
  'Sales Invoice': selling('posting_date', true),
  'Supplier Quotation': buying('transaction_date', false),
  'Purchase Order': buying('transaction_date', true),
  'Purchase Receipt': buying('posting_date', false),
  'Purchase Invoice': buying('posting_date', true),
}

export function kindOf(document: Document): TransactionKind {
  const kind = TRANSACTION_KINDS[document.doctype]
  if (!kind) throw new TypeError(`${document.doctype} is not a priced transaction`)
  return kind
}

/** `Customer`, `Supplier` or, for a quotation, what its `quotation_to` says. */
export function partyTypeOf(document: Document): string {
  if (document.doctype === 'Quotation') return textOf(document, 'quotation_to')
  return kindOf(document).side === 'selling' ? 'Customer' : 'Supplier'
}

export function partyOf(document: Document): string {
  return textOf(document, kindOf(document).partyField)
}

/** The date prices, exchange rates and due dates count from. */
export function dateOf(document: Document): string {
  return textOf(document, kindOf(document).dateField)
}

export function isReturn(document: Document): boolean {
  return document.is_return === 1
}
