import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AnswerTable } from '../../src/shared/assistant-protocol.ts'
import type { ToolArguments } from '../../src/features/assistant/tools/tool-contract.ts'
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

it.each<[string, Partial<ToolArguments['list_records']>]>([
  ['by a field whose values tie', { order_by: 'territory desc' }],
  ['by an amount', { order_by: 'grand_total asc' }],
  ['by name', { order_by: 'name desc' }],
  ['as the doctype sorts', {}],
  [
    'a choice of alternatives',
    {
      order_by: 'territory asc',
      or_filters: [
        ['grand_total', '>', 10],
        ['docstatus', '=', 1],
      ],
    },
  ],
  ['documents by their rows', { filters: [['items.qty', '>', 0]] }],
])('loses and doubles no row when others come in between: %s', async (_what, args) => {
  const { ok } = toolBench(ivy)
  const list = { doctype: 'Sales Invoice', limit: 6, ...args }
  const { table: whole } = await ok('list_records', { ...list, limit: 200 })
  const before = whole.rows.map((row) => String(row.name))
  const seen: string[] = []
  let handle: string | null = null
  do {
    const more: ToolArguments['list_records'] = handle ? { doctype: '', handle } : list
    const { table }: { table: AnswerTable } = await ok('list_records', more)
    seen.push(...table.rows.map((row) => String(row.name)))
    handle = table.handle
    people.sandbox.site.run('Administrator', (site) => {
      const { name: _name, ...first } = site.getDoc('Sales Invoice', seen[0] ?? '')
      site.insert({ ...first, docstatus: 0 }, { ignorePermissions: true })
    })
  } while (handle)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.filter((name) => before.includes(name))).toEqual(before)
})

it('reads on in a report after the row shown last, where it stands by now', async () => {
  const { ok } = toolBench(ivy)
  const args = { report: 'Accounts Receivable', limit: 3 }
  const { table } = await ok('run_report', args)
  const { table: all } = await ok('run_report', { ...args, limit: 200 })
  people.sandbox.site.run('Administrator', (site) => {
    const { company, customer } = site.getDoc('Sales Invoice', String(table.rows[0]?.voucher_no))
    const dated = { set_posting_time: 1, posting_date: '2025-10-01', due_date: '2025-10-01' }
    const items = [{ item_code: 'LAMP-DESK', qty: 1, rate: 20 }]
    site.submit(site.insert({ doctype: 'Sales Invoice', company, customer, items, ...dated }))
  })
  const { table: next } = await ok('run_report', { report: '', handle: table.handle ?? '' })
  expect(next.rows[0]).toEqual(all.rows[3])
})
