import type { Document } from '../../../site/contract.ts'
import { textOf } from '../../document-fields.ts'

/** One side of a booking before it is merged and written. Amounts are in the company's currency. */
export interface LedgerLine {
  account: string
  debit: number
  credit: number
  /** In the account's own currency, where that is another. */
  debitInAccountCurrency?: number
  creditInAccountCurrency?: number
  accountCurrency?: string
  against?: string
  partyType?: string
  party?: string
  againstVoucherType?: string
  againstVoucher?: string
  costCenter?: string | null
  project?: string | null
  dueDate?: string | null
  remarks?: string
  /** The row it comes from, where ERPNext keeps rows apart. */
  detail?: string
}

export function costCenterOf(row: Document, document: Document): string | null {
  return textOf(row, 'cost_center') || textOf(document, 'cost_center') || null
}
