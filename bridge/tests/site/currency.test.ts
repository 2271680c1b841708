import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldValue } from '../../src/shared/site-protocol.ts'
import { messagesOf } from './support/site-client.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import type { Previewed } from './support/steward-client.ts'
import { SellingWorkshop } from './support/selling.ts'

let workshop: SellingWorkshop
let foreign: string

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
  foreign = await currencyWithoutRate()
})
afterAll(() => workshop.close())

/** An enabled currency that no Currency Exchange leads to or from. */
async function currencyWithoutRate(): Promise<string> {
  const own = workshop.business.currency
  const [enabled, rates] = await Promise.all([
    workshop.admin.list('Currency', { filters: [['enabled', '=', 1]], limit_page_length: 0 }),
    workshop.admin.list('Currency Exchange', {
      fields: ['from_currency', 'to_currency'],
      limit_page_length: 0,
    }),
  ])
  const rated = new Set(rates.flatMap((row) => [row.from_currency, row.to_currency]))
  const free = enabled
    .map((row) => String(row.name))
    .find((name) => name !== own && !rated.has(name))
  if (free) return free
  const made = await workshop.make('Currency', { currency_name: `X${workshop.tag}`, enabled: 1 })
  return String(made.name)
}

type Values = Record<string, FieldValue>

function quotation(values: Values = {}) {
  return workshop.newQuotation({ currency: foreign, ...values })
}

function invoice(values: Values = {}) {
  const filled = workshop.business.invoice({ currency: foreign, ...values }) as Values
  return operation({ action: 'create', doctype: 'Sales Invoice', values: filled })
}

async function refusalOf(asked: ReturnType<typeof operation>) {
  const result = await new StewardRequest(workshop.person.client).preview([asked])
  if (result.status === 'refused') return result.refusal
  throw new Error('it was not refused')
}

function rateOf({ operations }: Previewed) {
  return operations[0]?.fields.find((field) => field.fieldname === 'conversion_rate')
}

test('a rate that ERPNext would fetch from another server is refused, with what to do', async () => {
  for (const asked of [quotation(), invoice()]) {
    const { code, message } = await refusalOf(asked)
    expect(code).toBe('outbound_http')
    expect(message).toMatch(/asks another server \([a-z.]+\) while saving/)
    expect(message).toContain(
      'Give the Exchange Rate with the request, or create a Currency Exchange record first.',
    )
    expect(message).toContain(`${foreign} to ${workshop.business.currency}`)
  }
})

test('with the rate in the request, or a Currency Exchange record, it works', async () => {
  const request = new StewardRequest(workshop.person.client)
  const given = await request.previewed([quotation({ conversion_rate: 1.5 })])
  expect(rateOf(given)).toMatchObject({ after: 1.5, set_by: 'person' })
  await workshop.make('Currency Exchange', {
    date: '2020-01-01',
    from_currency: foreign,
    to_currency: workshop.business.currency,
    exchange_rate: 1.25,
    for_buying: 1,
    for_selling: 1,
  })
  const asked = quotation()
  const found = await request.previewed([asked])
  expect(rateOf(found)).toMatchObject({ after: 1.25, set_by: 'site' })
  const total = found.operations[0]?.totals.find((field) => field.fieldname === 'grand_total')
  // The price list is in the company's currency: 5 pieces of 120 at 1.25.
  expect(total).toMatchObject({ after: 480, options: foreign })
  const [outcome] = await request.done([asked])
  expect(outcome?.docstatus).toBe(0)
})

test('a foreign invoice wants a party account in its currency, and books in the company currency', async () => {
  const { business } = workshop
  const rate = { conversion_rate: 1.25 }
  const { code, message } = await refusalOf(invoice(rate))
  expect(code).toBe('validation')
  expect(message).toContain(
    `currency (${business.currency}) and document currency (${foreign}) should be same`,
  )
  const customer = await foreignCustomer()
  const create = invoice({ ...rate, customer })
  const submit = operation({
    action: 'submit',
    doctype: 'Sales Invoice',
    name: { $ref: create.operation_id },
  })
  const { operations } = await new StewardRequest(workshop.person.client).previewed([
    create,
    submit,
  ])
  const amounts = operations[1]?.ledger.map(({ debit, credit, currency }) => ({
    debit,
    credit,
    currency,
  }))
  expect(amounts).toContainEqual({ debit: 125, credit: 0, currency: business.currency })
  expect(amounts).toContainEqual({ debit: 0, credit: 125, currency: business.currency })
})

/** A customer whose receivables are kept in the foreign currency. */
async function foreignCustomer(): Promise<string> {
  const { company } = workshop.business
  const [own] = await workshop.admin.list('Account', {
    fields: ['parent_account'],
    filters: [
      ['account_type', '=', 'Receivable'],
      ['company', '=', company],
      ['is_group', '=', 0],
    ],
  })
  const account = await workshop.make('Account', {
    account_name: `Debtors ${foreign} ${workshop.tag}`,
    parent_account: own?.parent_account,
    account_type: 'Receivable',
    account_currency: foreign,
    company,
  })
  const values = {
    customer_name: `Steward Test ${workshop.tag} C`,
    customer_type: 'Company',
    accounts: [{ company, account: account.name }],
  }
  const refused = await workshop.admin.create('Customer', values)
  expect(messagesOf(refused)[0]).toContain('must be in either customer billing currency')
  const customer = await workshop.make('Customer', { ...values, default_currency: foreign })
  return String(customer.name)
}
