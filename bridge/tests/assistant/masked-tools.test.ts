import { afterAll, beforeAll, expect, it } from 'vitest'
import { HandleNames, toolText } from '../../src/features/assistant/models/tool-text.ts'
import type { ToolArguments, ToolName } from '../../src/features/assistant/tools/tool-contract.ts'
import { createDataRules } from '../../src/features/gateway/index.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { SitePeople, type SitePerson } from './support/site-people.ts'
import { toolBench } from './support/tool-bench.ts'

let people: SitePeople
let ivy: SitePerson

beforeAll(async () => {
  people = await SitePeople.start()
  ivy = await people.signIn(PEOPLE.user)
})
afterAll(() => people.stop())

const CUSTOMER = 'Thornbury Hotel'

/** What a model of a provider that may not see `withheld` reads of a tool's answer. */
async function read<N extends ToolName>(
  name: N,
  args: ToolArguments[N],
  withheld: string[],
): Promise<string> {
  const result = await toolBench(ivy).ok(name, args)
  return toolText(name, { ok: true, result } as never, new HandleNames(), createDataRules(withheld))
}

const quotation = {
  doctype: 'Quotation',
  values: { party_name: CUSTOMER, items: [{ item_code: 'CHAIR-TASK', qty: 3, rate: 123.45 }] },
}

it('tells of a proposal what ERPNext makes of it where nothing is withheld', async () => {
  const text = await read('propose_create', quotation, [])
  expect(text).toContain(CUSTOMER)
  expect(text).toContain('370.35')
})

it.each([
  ['the document', ['Quotation']],
  ['a total of it', ['Quotation.grand_total']],
  ['its rows', ['Quotation Item']],
])('tells nothing of a card when %s is withheld', async (_what, withheld) => {
  const text = await read('propose_create', quotation, withheld)
  expect(text).toContain('"card":"[masked]"')
  expect(text).not.toContain('370.35')
  expect(text).not.toContain(CUSTOMER)
})

it('does not name on a card the customer that is withheld', async () => {
  for (const withheld of [['Customer'], ['Customer.customer_name'], ['Customer.name']]) {
    expect(await read('propose_create', quotation, withheld), withheld[0]).not.toContain(CUSTOMER)
  }
})

it('masks the rows and totals of a report by what their columns name', async () => {
  const report = { report: 'Accounts Receivable', filters: {}, limit: 8 }
  const plain = await read('run_report', report, [])
  const { table } = await toolBench(ivy).ok('run_report', report)
  const names = new Set(table.rows.map((row) => String(row.party ?? '')).filter(Boolean))
  expect(names.size).toBeGreaterThan(3)
  for (const name of names) expect(plain).toContain(name)
  const masked = await read('run_report', report, ['Customer'])
  for (const name of names) expect(masked, name).not.toContain(name)
  expect(masked).toContain('ACC-SINV')
  const without = await read('run_report', report, ['Sales Invoice'])
  expect(without).not.toContain('ACC-SINV')
  const amounts = await read('run_report', report, ['Some Doctype.outstanding'])
  expect(amounts.match(/"outstanding":"\[masked\]"/g)?.length).toBeGreaterThan(3)
  expect(amounts).not.toMatch(/"outstanding":[\d.]/)
})

it('masks the hits of a search, whose names say what their titles say', async () => {
  const search = { doctype: 'Customer', text: 'Thornbury' }
  expect(await read('search', search, [])).toContain(CUSTOMER)
  for (const withheld of [['Customer'], ['Customer.customer_name']]) {
    const text = await read('search', search, withheld)
    expect(text, withheld[0]).not.toContain('Thornbury')
    expect(text).toContain('[masked]')
  }
  const described = await read('search', search, ['Customer.territory'])
  expect(described).toContain(CUSTOMER)
  expect(described).toContain('"description":null')
})
