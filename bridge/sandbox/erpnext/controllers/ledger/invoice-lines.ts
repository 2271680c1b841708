import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'
import { companyCurrency } from '../transaction/currency.ts'
import { costCenterOf, type LedgerLine } from './ledger-line.ts'

/** What a sales invoice books: the customer owes, income and taxes are earned. */
export function salesInvoiceLines(document: Document, site: SiteContext): LedgerLine[] {
  const customer = textOf(document, 'customer')
  const lines = [partyLine(document, 'debit', site)]
  for (const tax of rowsOf(document, 'taxes')) {
    lines.push(
      creditLine(tax.account_head, numberOf(tax, 'base_tax_amount_after_discount_amount'), {
        against: customer,
        costCenter: costCenterOf(tax, document),
      }),
    )
  }
  for (const row of rowsOf(document, 'items')) {
    lines.push(
      creditLine(row.income_account, numberOf(row, 'base_net_amount'), {
        against: customer,
        costCenter: costCenterOf(row, document),
        project: textOf(row, 'project') || textOf(document, 'project') || null,
      }),
    )
  }
  lines.push(...roundingLines(document, 'credit', site))
  return lines
}

/** What a purchase invoice books: we owe the supplier, expense and input tax arise. */
export function purchaseInvoiceLines(document: Document, site: SiteContext): LedgerLine[] {
  const supplier = textOf(document, 'supplier')
  const lines = [partyLine(document, 'credit', site)]
  for (const row of rowsOf(document, 'items')) {
    lines.push({
      account: textOf(row, 'expense_account'),
      debit: numberOf(row, 'base_net_amount'),
      credit: 0,
      against: supplier,
      costCenter: costCenterOf(row, document),
      project: textOf(row, 'project') || textOf(document, 'project') || null,
    })
  }
  for (const tax of rowsOf(document, 'taxes')) {
    if (tax.category === 'Valuation') continue
    const amount = numberOf(tax, 'base_tax_amount_after_discount_amount')
    const isDeduction = tax.add_deduct_tax === 'Deduct'
    lines.push({
      account: textOf(tax, 'account_head'),
      debit: isDeduction ? 0 : amount,
      credit: isDeduction ? amount : 0,
      against: supplier,
      costCenter: costCenterOf(tax, document),
    })
  }
  lines.push(...roundingLines(document, 'debit', site))
  return lines
}

function creditLine(
  account: unknown,
  amount: number,
  rest: Pick<LedgerLine, 'against' | 'costCenter' | 'project'>,
): LedgerLine {
  return { account: typeof account === 'string' ? account : '', debit: 0, credit: amount, ...rest }
}

function partyLine(document: Document, side: 'debit' | 'credit', site: SiteContext): LedgerLine {
  const isSales = side === 'debit'
  const isRounded = numberOf(document, 'rounding_adjustment') !== 0
  const total = numberOf(document, isRounded ? 'rounded_total' : 'grand_total')
  const base = numberOf(document, isRounded ? 'base_rounded_total' : 'base_grand_total')
  const currency = textOf(document, 'party_account_currency')
  const inAccount = currency === companyCurrency(document, site) ? base : total
  const isForOther = document.is_return === 1 && document.update_outstanding_for_self !== 1
  const returned = isForOther ? textOf(document, 'return_against') : ''
  return {
    account: textOf(document, isSales ? 'debit_to' : 'credit_to'),
    accountCurrency: currency,
    partyType: isSales ? 'Customer' : 'Supplier',
    party: textOf(document, isSales ? 'customer' : 'supplier'),
    against: textOf(document, isSales ? 'against_income_account' : 'against_expense_account'),
    debit: isSales ? base : 0,
    credit: isSales ? 0 : base,
    debitInAccountCurrency: isSales ? inAccount : 0,
    creditInAccountCurrency: isSales ? 0 : inAccount,
    againstVoucherType: document.doctype,
    againstVoucher: returned || document.name,
    costCenter: textOf(document, 'cost_center') || null,
    dueDate: textOf(document, 'due_date'),
  }
}

/** The difference to the rounded total, and what rounding each amount to the company's currency lost. */
function roundingLines(
  document: Document,
  side: 'debit' | 'credit',
  site: SiteContext,
): LedgerLine[] {
  const adjustment = roundTo(numberOf(document, 'base_rounding_adjustment'))
  if (!adjustment) return []
  const company = site.getDoc('Company', textOf(document, 'company'))
  return [
    {
      account: textOf(company, 'round_off_account'),
      against: textOf(document, 'customer') || textOf(document, 'supplier'),
      debit: side === 'debit' ? adjustment : 0,
      credit: side === 'credit' ? adjustment : 0,
      costCenter: textOf(document, 'cost_center') || textOf(company, 'round_off_cost_center'),
    },
  ]
}
