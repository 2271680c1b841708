import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldValue } from '../../src/shared/site-protocol.ts'
import { messagesOf } from './support/site-client.ts'
import { SellingWorkshop } from './support/selling.ts'
import { operation, StewardRequest } from './support/steward-client.ts'

type Values = Record<string, FieldValue>

/** A day that stays, so that the days that follow from it are known. */
const POSTED = { set_posting_time: 1, posting_date: '2026-10-10' }

let workshop: SellingWorkshop
let halves: string
let monthEnd: string

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
  const half = { invoice_portion: 50, credit_days: 10 }
  const first = await makeTerm('first', half)
  const rest = await makeTerm('rest', { ...half, credit_days: 20 })
  halves = await makeTemplate('halves', [
    { payment_term: first, description: 'first half', ...half },
    { payment_term: rest, ...half, credit_days: 20 },
  ])
  const end = await makeTerm('end', { invoice_portion: 100, credit_months: 2 })
  monthEnd = await makeTemplate('end', [
    {
      payment_term: end,
      invoice_portion: 100,
      credit_months: 2,
      due_date_based_on: 'Month(s) after the end of the invoice month',
    },
  ])
  const { customer } = workshop.business
  await workshop.admin.update('Customer', customer, { payment_terms: halves })
})
afterAll(async () => {
  await workshop.admin.update('Customer', workshop.business.customer, { payment_terms: '' })
  await workshop.close()
})

async function makeTerm(word: string, values: Values): Promise<string> {
  const payment_term_name = `Steward Test ${workshop.tag} ${word}`
  return String((await workshop.make('Payment Term', { payment_term_name, ...values })).name)
}

async function makeTemplate(word: string, rows: Values[]): Promise<string> {
  const terms = rows.map((row) => ({ due_date_based_on: 'Day(s) after invoice date', ...row }))
  const template_name = `Steward Test ${workshop.tag} ${word}`
  return String((await workshop.make('Payment Terms Template', { template_name, terms })).name)
}

function invoice(values: Values = {}) {
  const filled = workshop.business.invoice({ ...POSTED, ...values }) as Values
  return operation({ action: 'create', doctype: 'Sales Invoice', values: filled })
}

/** The schedule and the due date that the preview of an invoice of 100 shows. */
async function planned(asked: ReturnType<typeof operation>) {
  const { operations } = await new StewardRequest(workshop.person.client).previewed([asked])
  const field = (name: string) => operations[0]?.fields.find(({ fieldname }) => fieldname === name)
  const table = operations[0]?.tables.find(({ fieldname }) => fieldname === 'payment_schedule')
  return {
    due: field('due_date'),
    template: field('payment_terms_template'),
    rows: table?.rows.map(({ cells }) => [
      cells.due_date?.after,
      cells.invoice_portion?.after,
      cells.payment_amount?.after,
    ]),
    setBy: table?.rows[0]?.cells.due_date?.set_by,
  }
}

async function refusalOf(values: Values): Promise<string> {
  const result = await new StewardRequest(workshop.person.client).preview([invoice(values)])
  if (result.status === 'refused') return result.refusal.message
  throw new Error('it was not refused')
}

test('the customer’s payment terms plan the payments, as ERPNext’s doing', async () => {
  const { template, rows, setBy } = await planned(invoice())
  expect(template).toMatchObject({ after: halves, set_by: 'site' })
  expect(rows).toEqual([
    ['2026-10-20', 50, 50],
    ['2026-10-30', 50, 50],
  ])
  expect(setBy).toBe('site')
})

test('the due date counts the terms one after the other, as ERPNext does', async () => {
  const { due } = await planned(invoice())
  expect(due).toMatchObject({ after: '2026-11-09', set_by: 'site' })
})

test('an order has the schedule too; terms by the end of the month', async () => {
  const values = {
    customer: workshop.business.customer,
    company: workshop.business.company,
    transaction_date: '2026-10-10',
    delivery_date: '2026-12-01',
    items: [{ item_code: workshop.business.item, qty: 2, rate: 50 }],
    payment_terms_template: monthEnd,
  }
  const asked = operation({ action: 'create', doctype: 'Sales Order', values })
  expect((await planned(asked)).rows).toEqual([['2026-12-31', 100, 100]])
  const { due } = await planned(invoice({ payment_terms_template: monthEnd }))
  expect(due?.after).toBe('2026-12-31')
})

test('a due date is refused after what the terms grant, and before the invoice', async () => {
  expect(await refusalOf({ due_date: '2027-03-01' })).toMatch(
    /Due (\/ Reference )?Date cannot be after/,
  )
  expect(await refusalOf({ due_date: '2026-09-01' })).toContain('Due Date cannot be before Posting')
  const free = { customer: workshop.business.otherCustomer, due_date: '2027-03-01' }
  expect((await planned(invoice(free))).rows).toEqual([['2027-03-01', 100, 100]])
})

test('a schedule that a person gives has to add up, one date a row', async () => {
  const row = (due_date: string, invoice_portion: number) => ({ due_date, invoice_portion })
  const given = (...payment_schedule: Values[]) => ({ payment_schedule })
  expect(await refusalOf(given(row('2026-10-20', 60)))).toContain(
    'Total Payment Amount in Payment Schedule must be equal to Grand / Rounded Total',
  )
  expect(await refusalOf(given(row('2026-10-20', 60), row('2026-10-20', 40)))).toContain(
    'Rows with duplicate due dates in other rows were found',
  )
  const kept = await planned(invoice(given(row('2026-10-20', 60), row('2026-10-25', 40))))
  expect(kept.rows).toEqual([
    ['2026-10-20', 60, 60],
    ['2026-10-25', 40, 40],
  ])
  expect(kept.due?.after).toBe('2026-10-25')
})

test('a template that does not add up, or says a term twice, is refused', async () => {
  const template_name = `Steward Test ${workshop.tag} wrong`
  const half = { invoice_portion: 50, due_date_based_on: 'Day(s) after invoice date' }
  const refused = async (terms: Values[]) =>
    messagesOf(await workshop.admin.create('Payment Terms Template', { template_name, terms }))
  expect(await refused([half])).toEqual(['Combined invoice portion must equal 100%'])
  expect(await refused([half, half])).toEqual([
    'The Payment Term at row 2 is possibly a duplicate.',
  ])
})
