import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, numberOf, rowsOf, sumOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { postLedger, reverseLedger } from '../ledger/general-ledger.ts'
import { OWN_LEDGERS } from '../ledger/own-ledgers.ts'
import { readBin } from './bin.ts'
import { stockLines } from './stock-lines.ts'
import { postStock, reverseStock } from './stock-ledger.ts'

/** ERPNext submits and cancels longer counts in a background job. */
const ROWS_AT_ONCE = 100

export const stockReconciliation: Controller = {
  ignoreLinkedDoctypes: OWN_LEDGERS,
  validate(document, site) {
    setHeader(document, site)
    for (const row of rowsOf(document, 'items')) fillRow(row, document, site)
    checkRows(document)
    document.difference_amount = sumOf(rowsOf(document, 'items'), 'amount_difference')
  },
  beforeSubmit(document, site) {
    if (!isQueued(document, site)) return
    document.docstatus = 0
    handOff(document, 'submit', site)
  },
  onSubmit(document, site) {
    if (document.docstatus !== 1) return
    postStock(document, movesOf(document), site)
    postLedger(
      document,
      stockLines(document, () => textOf(document, 'expense_account'), site),
      site,
    )
  },
  beforeCancel(document, site) {
    if (!isQueued(document, site)) return
    document.docstatus = 1
    handOff(document, 'cancel', site)
  },
  onCancel(document, site) {
    if (document.docstatus !== 2) return
    reverseStock(document, site)
    reverseLedger(document, site)
  },
}

function isQueued(document: Document, site: SiteContext): boolean {
  return rowsOf(document, 'items').length > ROWS_AT_ONCE && site.flags.in_background_job !== true
}

function handOff(document: Document, action: 'submit' | 'cancel', site: SiteContext): void {
  site.defer({
    kind: 'job',
    description: `${action === 'submit' ? 'Submit' : 'Cancel'} Stock Reconciliation ${document.name} in the background`,
    run(later) {
      later.flags.in_background_job = true
      const current = later.getDoc('Stock Reconciliation', document.name)
      if (action === 'submit') later.submit(current)
      else later.cancel(current)
      later.commit()
    },
  })
  site.msgprint(
    'The task has been enqueued as a background job. In case there is any issue on processing in background, the system will add a comment about the error on this Stock Reconciliation and revert to the Draft stage',
  )
}

function setHeader(document: Document, site: SiteContext): void {
  fillEmpty(document, 'company', textOf(site.getSingle('Global Defaults'), 'default_company'))
  const company = site.getDoc('Company', textOf(document, 'company'))
  fillEmpty(document, 'cost_center', company.cost_center)
  fillEmpty(document, 'expense_account', company.stock_adjustment_account)
  if (document.set_posting_time !== 1) {
    document.posting_date = site.today()
    document.posting_time = site.now().slice(11)
  }
}

function fillRow(row: Document, document: Document, site: SiteContext): void {
  fillEmpty(row, 'warehouse', document.set_warehouse)
  const code = textOf(row, 'item_code')
  if (!code || !row.warehouse || !site.exists('Item', code)) return
  const bin = readBin(code, textOf(row, 'warehouse'), site)
  fillEmpty(row, 'item_name', site.getValue('Item', code, 'item_name'))
  row.current_qty = bin.quantity
  row.current_valuation_rate = bin.rate
  if (!numberOf(row, 'valuation_rate')) {
    row.valuation_rate = bin.rate || Number(site.getValue('Item', code, 'valuation_rate') ?? 0)
  }
  row.amount = roundTo(numberOf(row, 'qty') * numberOf(row, 'valuation_rate'))
  row.current_amount = roundTo(bin.quantity * bin.rate)
  row.quantity_difference = `${numberOf(row, 'qty') - bin.quantity}`
  row.amount_difference = numberOf(row, 'amount') - numberOf(row, 'current_amount')
}

function checkRows(document: Document): void {
  const seen = new Set<string>()
  for (const row of rowsOf(document, 'items')) {
    const key = `${textOf(row, 'item_code')} ${textOf(row, 'warehouse')}`
    if (seen.has(key)) {
      refuse(`Row # ${row.idx}: Same item and warehouse combination already entered.`)
    }
    seen.add(key)
    if (numberOf(row, 'qty') < 0) refuse(`Row # ${row.idx}: Negative Quantity is not allowed`)
    if (
      numberOf(row, 'qty') &&
      !numberOf(row, 'valuation_rate') &&
      !row.allow_zero_valuation_rate
    ) {
      refuse(`Row # ${row.idx}: Valuation Rate required for Item ${textOf(row, 'item_code')}`)
    }
  }
  const unchanged = rowsOf(document, 'items').every(
    (row) =>
      numberOf(row, 'qty') === numberOf(row, 'current_qty') &&
      numberOf(row, 'valuation_rate') === numberOf(row, 'current_valuation_rate'),
  )
  if (unchanged) {
    refuse(
      'None of the items have any change in quantity or value.',
      'EmptyStockReconciliationItemsError',
    )
  }
}

function movesOf(document: Document) {
  return rowsOf(document, 'items').map((row) => ({
    itemCode: textOf(row, 'item_code'),
    warehouse: textOf(row, 'warehouse'),
    quantity: 0,
    incomingRate: null,
    detail: row.name,
    counted: { quantity: numberOf(row, 'qty'), rate: numberOf(row, 'valuation_rate') },
  }))
}
