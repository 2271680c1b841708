import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTalks } from '../../bench/evaluation/run-cases.ts'

let talks: Awaited<ReturnType<typeof openTalks>>
beforeAll(async () => {
  talks = await openTalks()
}, 60_000)
afterAll(() => talks.stop())

const say = (text: string, user: 'manager' | 'restricted' = 'manager') => talks.talk(user).say(text)
const figure = (text: string, pattern: RegExp) =>
  Number(pattern.exec(text)![1]!.replaceAll(',', ''))

describe("a report's figures", () => {
  test('profit and loss: income less expense is the profit, read from its own rows', async () => {
    const { text, tables } = await say('profit and loss this quarter')
    const income = figure(text, /Total Income ([\d,.]+) USD/)
    const expense = figure(text, /Total Expense ([\d,.]+) USD/)
    expect(figure(text, /Profit for the year (-?[\d,.]+) USD/)).toBeCloseTo(income - expense, 2)
    const shown = tables[0]!.rows.find(({ account }) => account === "'Total Income (Credit)'")!
    expect(Object.values(shown)).toContain(income)
  })

  test('the balance sheet, receivables, stock and the ledger tell their totals', async () => {
    expect((await say('balance sheet')).text).toMatch(/Total Asset [\d,.]+ USD, Total Liability/)
    expect((await say('general ledger this month')).text).toMatch(/debit, [\d,.]+ USD credit/)
    const stock = await say('stock balance')
    const bins = talks.data.rows('Bin', [], ['actual_qty'])
    const units = bins.reduce((sum, bin) => sum + Number(bin.actual_qty), 0)
    expect(figure(stock.text, /([\d,.]+) units in stock/)).toBeCloseTo(units, 2)
    const receivable = await say('accounts receivable')
    const rows = receivable.tables[0]!.rows.filter(({ voucher_no }) => voucher_no)
    const sum = rows.reduce((total, row) => total + Number(row.outstanding), 0)
    expect(figure(receivable.text, /([\d,.]+) USD outstanding/)).toBeCloseTo(sum, 2)
  })
})

describe('a name', () => {
  test.each([
    ['Cedar Hill School', 'Customer'],
    ['how is Thornbury Hotel doing', 'Customer'],
    ['how is Cedar Hill doing this year?', 'Customer'],
    ['tell me about Norling Seating', 'Supplier'],
    ['CHAIR-TASK', 'Item'],
  ])('"%s" is looked up', async (text, doctype) => {
    const reply = await say(text)
    expect(reply.route).toMatchObject({ class: 'lookup' })
    expect(reply.documents[0]!.doctype).toBe(doctype)
  })

  test('what is open with a customer is told, and "those" may follow', async () => {
    const talk = talks.talk()
    const { text } = await talk.say('how is Cedar Hill School doing')
    const filters: [string, string, unknown][] = [
      ['docstatus', '=', 1],
      ['customer', '=', 'Cedar Hill School'],
      ['outstanding_amount', '>', 0],
    ]
    const unpaid = talks.data.rows('Sales Invoice', filters, ['outstanding_amount'])
    const owed = unpaid.reduce((sum, row) => sum + Number(row.outstanding_amount), 0)
    expect(figure(text, /([\d,.]+) USD on \d+ unpaid/)).toBeCloseTo(owed, 2)
    expect((await talk.say('only the overdue ones')).tables[0]!.total).toBe(unpaid.length)
  })

  test('that fits several is asked about', async () => {
    const { question } = await say('how is Cedar doing')
    expect(question!.options.map(({ value }) => value)).toEqual([
      'Cedar Hill School',
      'Cedar Lane Dental',
    ])
  })

  test('a person may not see is not found, in the answer nor in the routing', async () => {
    const all = talks.data.rows('Customer', [['territory', '=', 'North']], [])
    const hidden = String(all[0]!.name)
    expect((await say(hidden)).documents).toHaveLength(1)
    const reply = await say(hidden, 'restricted')
    expect(reply.documents).toEqual([])
    expect(reply.text + JSON.stringify(reply.question)).not.toContain(hidden)
    expect(reply.route.class).not.toBe('lookup')
  })
})

describe('other languages, without a model', () => {
  test.each([
    ['Zeige mir alle offenen Rechnungen', /Ohne Sprachmodell/],
    ['montre-moi les factures impayées', /Sans modèle/],
    ['facturas pendientes de pago de este mes', /Sin un modelo/],
    ['mostra le fatture scadute', /Senza un modello/],
    ['quantas faturas temos este mês', /Sem um modelo/],
    ['toon alle openstaande facturen', /Zonder taalmodel/],
    ['मुझे सभी बकाया चालान दिखाओ', /भाषा मॉडल/],
    ['أظهر جميع الفواتير غير المدفوعة', /نموذج لغوي/],
  ])('"%s" is answered in its language', async (text, answer) => {
    const reply = await say(text)
    expect(reply.text).toMatch(answer)
    expect(reply.tables).toEqual([])
  })

  test("the site's own labels carry a request", async () => {
    const customers = talks.data.rows('Customer', [], [])
    expect((await say('wie viele Customer haben wir')).text).toContain(`${customers.length} `)
  })

  test('a model takes them where there is one', async () => {
    const models = { small: true, large: true }
    const reply = await talks.talk('manager', models).say('Zeige mir alle offenen Rechnungen')
    expect(reply.route.handler).toBe('small')
  })
})
