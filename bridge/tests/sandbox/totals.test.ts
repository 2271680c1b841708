import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { erpnextApp } from '../../sandbox/erpnext/index.ts'
import type { Document, SiteContext } from '../../sandbox/site/contract.ts'
import { createSite, type Site } from '../../sandbox/site/index.ts'

const COMPANY = 'Harbourlight Trading'
const CUSTOMER = 'Kestrel Cycles'
const CODES = ['DESK-120', 'PAPER-A4-80', 'PEN-GEL-BLUE', 'MONITOR-27', 'TONER-COL']
let site: Site

beforeAll(() => {
  site = createSite([erpnextApp])
})

const cents = (low: number, high: number) => fc.integer({ min: low, max: high }).map((n) => n / 100)
const rows = fc.array(
  fc.record({
    item_code: fc.constantFrom(...CODES),
    qty: fc.integer({ min: 1, max: 40 }),
    rate: fc.option(cents(1, 90_000), { nil: undefined }),
    discount_percentage: fc.constantFrom(0, 0, 3.3, 10, 33.333),
  }),
  { minLength: 1, maxLength: 5 },
)
const chargeTypes = fc.constantFrom(
  'On Net Total',
  'On Previous Row Amount',
  'On Previous Row Total',
  'Actual',
)
const taxRows = fc
  .array(fc.record({ charge_type: chargeTypes, rate: cents(0, 2500), amount: cents(0, 5000) }), {
    maxLength: 4,
  })
  .map((taxes) => taxes.map(taxRow))
const discounts = fc.record({
  apply_discount_on: fc.constantFrom('Grand Total', 'Net Total'),
  additional_discount_percentage: fc.constantFrom(0, 0, 2.5, 7.77, 15),
})

function taxRow(
  tax: { charge_type: string; rate: number; amount: number },
  index: number,
): Record<string, unknown> {
  const refersBack = tax.charge_type.startsWith('On Previous')
  const charge = refersBack && index === 0 ? 'On Net Total' : tax.charge_type
  return {
    charge_type: charge,
    account_head: 'Sales Tax - HT',
    description: 'Tax',
    cost_center: 'Main - HT',
    rate: charge === 'Actual' ? 0 : tax.rate,
    ...(charge === 'Actual' ? { tax_amount: tax.amount } : {}),
    ...(refersBack && index > 0 ? { row_id: `${index}` } : {}),
  }
}

function invoice(values: Record<string, unknown>) {
  return { doctype: 'Sales Invoice', customer: CUSTOMER, company: COMPANY, ...values }
}

function entriesOf(session: SiteContext, name: string) {
  return session.getAll('GL Entry', { filters: { voucher_no: name }, fields: ['*'] })
}

function sum(list: Record<string, unknown>[], field: string): number {
  return list.reduce((total, entry) => total + Number(entry[field] ?? 0), 0)
}

function pay(session: SiteContext, of: Document, amount: number): Document {
  return session.submit(
    session.insert({
      doctype: 'Payment Entry',
      payment_type: 'Receive',
      party_type: 'Customer',
      party: CUSTOMER,
      company: COMPANY,
      paid_from: 'Debtors - HT',
      paid_to: 'Checking - HT',
      paid_amount: amount,
      received_amount: amount,
      reference_no: 'P',
      reference_date: session.today(),
      references: [
        { reference_doctype: 'Sales Invoice', reference_name: of.name, allocated_amount: amount },
      ],
    }),
  )
}

/** Runs in a transaction that is undone, so that cases cannot influence each other. */
function trial<T>(work: (session: SiteContext) => T): T {
  return site.read('Administrator', work)
}

describe('any priced document', () => {
  it('adds up: rows to the net total, taxes to the grand total, in whole cents', () => {
    fc.assert(
      fc.property(rows, taxRows, discounts, (items, taxes, discount) => {
        const document = trial((session) => session.insert(invoice({ items, taxes, ...discount })))
        const lines = document.items as Document[]
        const taxLines = (document.taxes ?? []) as Document[]
        expect(sum(lines, 'net_amount')).toBeCloseTo(Number(document.net_total), 2)
        const taxed = sum(taxLines, 'tax_amount_after_discount_amount')
        expect(Number(document.total_taxes_and_charges)).toBeCloseTo(taxed, 2)
        const gap = Number(document.grand_total) - Number(document.net_total) - taxed
        // With a fixed tax ERPNext spreads a discount on the grand total over less than it was taken
        // of, and lets its rounding adjustment hold the difference, which then has no bound in cents.
        const fixed = taxLines.some((tax) => tax.charge_type === 'Actual')
        const spread = discount.apply_discount_on === 'Grand Total'
        if (!(fixed && spread)) expect(Math.round(Math.abs(gap) * 100)).toBeLessThanOrEqual(5)
        if (discount.additional_discount_percentage && !taxes.length) {
          const lowered = Number(document.total) - Number(document.discount_amount)
          expect(Number(document.net_total)).toBeCloseTo(lowered, 2)
        }
        expect(sum(document.payment_schedule as Document[], 'payment_amount')).toBeCloseTo(
          Number(document.rounded_total),
          2,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('keeps the rate a person gave and fills a missing one from the price list', () => {
    const document = trial((session) =>
      session.insert(
        invoice({
          items: [
            { item_code: 'DESK-120', qty: 2, rate: 250 },
            { item_code: 'DESK-120', qty: 2, discount_percentage: 10 },
          ],
        }),
      ),
    )
    const [given, listed] = document.items as Document[]
    expect(given).toMatchObject({ rate: 250, price_list_rate: 289, amount: 500 })
    expect(listed).toMatchObject({ rate: 260.1, price_list_rate: 289, amount: 520.2 })
  })

  it('takes a tax that the price includes out of the net amount', () => {
    const taxes = [{ ...taxRow({ charge_type: 'On Net Total', rate: 8, amount: 0 }, 0) }]
    const included = taxes.map((tax) => ({ ...tax, included_in_print_rate: 1 }))
    const items = [{ item_code: 'DESK-120', qty: 1, rate: 108 }]
    const document = trial((session) => session.insert(invoice({ items, taxes: included })))
    expect(document).toMatchObject({ net_total: 100, total_taxes_and_charges: 8, grand_total: 108 })
  })
})

describe('the ledger', () => {
  it('balances for every invoice, and what is owed is the total less what was paid', () => {
    fc.assert(
      fc.property(rows, taxRows, discounts, cents(1, 9900), (items, taxes, discount, share) => {
        trial((session) => {
          const made = session.submit(session.insert(invoice({ items, taxes, ...discount })))
          const entries = entriesOf(session, made.name)
          expect(sum(entries, 'debit')).toBeCloseTo(sum(entries, 'credit'), 2)
          const total = Number(made.rounded_total)
          if (total < 1) return
          const paid = Math.max(0.01, Math.round(total * share) / 100)
          const payment = pay(session, made, paid)
          const booked = entriesOf(session, payment.name)
          expect(sum(booked, 'debit')).toBeCloseTo(sum(booked, 'credit'), 2)
          const after = session.getDoc('Sales Invoice', made.name)
          expect(Number(after.outstanding_amount)).toBeCloseTo(total - paid, 2)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('is back where it was once payment and invoice are cancelled', () => {
    trial((session) => {
      const items = [{ item_code: 'SVC-INSTALL', qty: 4 }]
      const made = session.submit(session.insert(invoice({ items })))
      const payment = pay(session, made, 120)
      expect(session.getDoc('Sales Invoice', made.name)).toMatchObject({
        outstanding_amount: 180,
        status: 'Partly Paid',
      })
      session.cancel(session.getDoc('Payment Entry', payment.name))
      expect(session.getDoc('Sales Invoice', made.name)).toMatchObject({
        outstanding_amount: 300,
        status: 'Unpaid',
      })
      session.cancel(session.getDoc('Sales Invoice', made.name))
      const entries = [...entriesOf(session, made.name), ...entriesOf(session, payment.name)]
      expect(entries.every((entry) => entry.is_cancelled === 1)).toBe(true)
      for (const list of Map.groupBy(entries, (entry) => entry.account).values()) {
        expect(sum(list, 'debit')).toBeCloseTo(sum(list, 'credit'), 2)
      }
    })
  })

  it('refuses to pay more than is owed', () => {
    trial((session) => {
      const items = [{ item_code: 'SVC-INSTALL', qty: 1 }]
      const made = session.submit(session.insert(invoice({ items })))
      expect(() => pay(session, made, 75.01)).toThrow(/greater than outstanding/)
    })
  })
})

describe('stock', () => {
  it('follows first in, first out, and cancelling brings quantity and value back', () => {
    trial((session) => {
      const entry = (type: string, quantity: number, rate: number) =>
        session.submit(
          session.insert({
            doctype: 'Stock Entry',
            stock_entry_type: type,
            company: COMPANY,
            items: [
              {
                item_code: 'COAT-STAND',
                qty: quantity,
                basic_rate: rate,
                [type === 'Material Receipt' ? 't_warehouse' : 's_warehouse']: 'Returns - HT',
              },
            ],
          }),
        )
      const bin = () =>
        session.getAll('Bin', {
          filters: { item_code: 'COAT-STAND', warehouse: 'Returns - HT' },
          fields: ['actual_qty', 'stock_value'],
        })[0]
      entry('Material Receipt', 10, 20)
      entry('Material Receipt', 10, 30)
      const issue = entry('Material Issue', 15, 0)
      expect(bin()).toMatchObject({ actual_qty: 5, stock_value: 150 })
      session.cancel(session.getDoc('Stock Entry', issue.name))
      expect(bin()).toMatchObject({ actual_qty: 20, stock_value: 500 })
      expect(() => entry('Material Issue', 21, 0)).toThrow(/needed in Warehouse/)
    })
  })

  it('hands a count of more than 100 rows to a background job and leaves it a draft', () => {
    const items = Array.from({ length: 101 }, (_row, index) => ({
      item_code: `COUNT-${index}`,
      warehouse: 'Returns - HT',
      qty: 1,
      valuation_rate: 2,
    }))
    const count = { doctype: 'Stock Reconciliation', company: COMPANY, items }
    const purpose = 'Stock Reconciliation'
    const name = site.run('Administrator', (session) => {
      for (const { item_code } of items) {
        session.insert({ doctype: 'Item', item_code, item_group: 'Cleaning', stock_uom: 'Nos' })
      }
      const made = session.insert({ ...count, purpose })
      expect(session.submit(made).docstatus).toBe(0)
      return made.name
    })
    const later = trial((session) => session.getDoc('Stock Reconciliation', name))
    expect(later.docstatus).toBe(1)
  })
})

describe('an order', () => {
  it('moves from open to completed as it is delivered and billed, through the make functions', () => {
    trial((session) => {
      const make = (method: string, name: string) => {
        const found = erpnextApp.methods.find((entry) => entry.name === method)
        return found?.run(session, { source_name: name }) as Document
      }
      const statusOf = (doctype: string, name: string) => session.getValue(doctype, name, 'status')
      const quotation = session.submit(
        session.insert({
          doctype: 'Quotation',
          quotation_to: 'Customer',
          party_name: CUSTOMER,
          company: COMPANY,
          items: [{ item_code: 'LAMP-DESK', qty: 4, warehouse: 'Stores - HT' }],
        }),
      )
      const draft = make(
        'erpnext.selling.doctype.quotation.quotation.make_sales_order',
        quotation.name,
      )
      const order = session.submit(
        session.insert({ ...draft, delivery_date: session.today(), name: undefined }),
      )
      expect(statusOf('Quotation', quotation.name)).toBe('Ordered')
      expect(statusOf('Sales Order', order.name)).toBe('To Deliver and Bill')
      const selling = 'erpnext.selling.doctype.sales_order.sales_order.'
      const note = session.submit(session.insert(make(`${selling}make_delivery_note`, order.name)))
      expect(statusOf('Sales Order', order.name)).toBe('To Bill')
      const stock = 'erpnext.stock.doctype.delivery_note.delivery_note.'
      const billed = session.submit(session.insert(make(`${stock}make_sales_invoice`, note.name)))
      expect(statusOf('Sales Order', order.name)).toBe('Completed')
      expect(statusOf('Delivery Note', note.name)).toBe('Completed')
      session.cancel(session.getDoc('Sales Invoice', billed.name))
      expect(statusOf('Sales Order', order.name)).toBe('To Bill')
      session.cancel(session.getDoc('Delivery Note', note.name))
      expect(statusOf('Sales Order', order.name)).toBe('To Deliver and Bill')
    })
  })
})

describe('reports', () => {
  it('agree with the ledger and with each other', () => {
    trial((session) => {
      const run = (name: string) =>
        erpnextApp.runReport?.(session, name, {})?.result as Record<string, unknown>[]
      const owed = run('Accounts Receivable').slice(0, -1)
      const invoices = session.getAll('Sales Invoice', {
        filters: { docstatus: 1 },
        fields: ['outstanding_amount', 'conversion_rate'],
      })
      const open = invoices.map((row) => ({
        base: Number(row.outstanding_amount) * Number(row.conversion_rate),
      }))
      expect(sum(owed, 'outstanding')).toBeCloseTo(sum(open, 'base'), 1)
      const closing = run('General Ledger').at(-1)
      expect(closing?.debit).toBeCloseTo(Number(closing?.credit), 2)
      const bins = session.getAll('Bin', { fields: ['stock_value'] })
      const stock = run('Stock Balance').slice(0, -1)
      expect(sum(stock, 'bal_val')).toBeCloseTo(sum(bins, 'stock_value'), 0)
    })
  })
})
