import { expect, it } from 'vitest'
import type { OperationPreview } from '../../bridge/protocol.ts'
import { changesSince } from './preview-changes.ts'

const row = (idx: number, rate: number) => ({
  ...{ idx, change: 'added' as const },
  cells: { rate: { before: null, after: rate, set_by: 'site' as const } },
})
const posting = (account: string, debit: number, credit: number) => ({
  ...{ account, debit, credit, party: null, cost_center: null, currency: 'USD' },
})

function list(part: object): OperationPreview[] {
  const preview = { fields: [], totals: [], tables: [], ledger: [], stock: [], currency: 'USD' }
  return [{ operation_id: 'op_1', ...preview, ...part } as unknown as OperationPreview]
}

function changesBetween(seen_previews: OperationPreview[], previews: OperationPreview[]) {
  return changesSince({ seen_previews, previews })
}

function items(...rows: object[]) {
  const columns = [{ fieldname: 'rate', label: 'Rate', fieldtype: 'Currency', options: null }]
  return { tables: [{ fieldname: 'items', label: 'Items', columns, rows }] }
}

it('names a changed cell, a row that came and a row that went', () => {
  const changes = changesBetween(list(items(row(1, 10), row(2, 20))), list(items(row(1, 11))))
  expect(changes.map(({ label, was, now }) => [label, was, now])).toEqual([
    ['Items 1, Rate', 10, 11],
    ['Items 2, Rate', 20, null],
  ])
  expect(changes.map(({ place, gone }) => [place, gone])).toEqual([
    ['row items 1 rate', false],
    ['row items 2 rate', true],
  ])
  const back = changesBetween(list(items(row(1, 11))), list(items(row(1, 11), row(2, 20))))
  expect(back.map(({ label, was, now }) => [label, was, now])).toEqual([
    ['Items 2, Rate', null, 20],
  ])
})

it('names a field that is not set any more, and accounts and stock that get something else', () => {
  const seen = list({
    fields: [{ fieldname: 'taxes', label: 'Taxes', fieldtype: 'Link', options: 'X', after: 'VAT' }],
    ledger: [posting('Debtors', 100, 0), posting('Sales', 0, 100)],
    stock: [{ item_code: 'CHAIR', warehouse: 'Main', actual_qty: -2 }],
  })
  const fresh = list({
    ledger: [posting('Debtors', 60, 0), posting('Debtors', 40, 0), posting('Sales EU', 0, 100)],
    stock: [{ item_code: 'CHAIR', warehouse: 'Main', actual_qty: -3 }],
  })
  const changes = changesBetween(seen, fresh)
  expect(changes.map(({ label, was, now }) => [label, was, now])).toEqual([
    ['Taxes', 'VAT', null],
    ['Ledger, Sales', -100, null],
    ['Ledger, Sales EU', null, -100],
    ['Stock, CHAIR in Main', -2, -3],
  ])
  expect(changes.every(({ currency }) => currency === 'USD')).toBe(true)
})

it('finds nothing where nothing differs', () => {
  expect(changesBetween(list(items(row(1, 10))), list(items(row(1, 10))))).toEqual([])
})
