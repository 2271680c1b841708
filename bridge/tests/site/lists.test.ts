import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBusiness } from './support/business.ts'
import type { Business } from './support/business.ts'
import { dialectOf } from './support/dialect.ts'
import type { Dialect } from './support/dialect.ts'
import type { SiteClient } from './support/site-client.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let business: Business
let admin: SiteClient
let dialect: Dialect
/** Every to-do of this file has it in its text. */
let mark: string

const DATES = ['2026-01-10', '2026-01-20', '2026-02-05', '2026-02-25', '2026-03-15']

beforeAll(async () => {
  workshop = await Workshop.open()
  admin = workshop.admin
  business = await openBusiness(workshop)
  dialect = await dialectOf(admin)
  mark = `list-${workshop.tag}`
  for (const [index, date] of DATES.entries()) {
    const made = await workshop.make('ToDo', {
      description: `${mark} ${index}`,
      date,
      priority: index % 2 ? 'High' : 'Low',
      ...(index === 4 ? { color: '#29CD42', status: 'Closed' } : {}),
    })
    // On insert an empty date would be filled with today.
    if (index === 4) await admin.update('ToDo', String(made.name), { date: null })
  }
  for (const qty of [1, 3]) {
    await workshop.make(
      'Quotation',
      business.quotation({ items: [{ item_code: business.item, qty, rate: 100 }] }),
    )
  }
})
afterAll(() => workshop.close())

function mine(...more: unknown[]): unknown[] {
  return [['description', 'like', `%${mark}%`], ...more]
}

async function names(filters: unknown, extra: Record<string, unknown> = {}): Promise<string[]> {
  const rows = await admin.list('ToDo', {
    fields: ['description'],
    filters,
    order_by: 'description asc',
    ...extra,
  })
  return rows.map((row) => String(row.description).at(-1) ?? '')
}

test('without fields a row has only its name, and 20 rows come', async () => {
  const rows = await admin.list('DocType')
  expect(rows).toHaveLength(20)
  expect(Object.keys(rows[0] ?? {})).toEqual(['name'])
})

test('limit 0 brings every row, paging brings each row once', async () => {
  expect(await names(mine(), { limit_page_length: 0 })).toEqual(['0', '1', '2', '3', '4'])
  const pages = []
  for (const start of [0, 2, 4]) {
    pages.push(...(await names(mine(), { limit_start: start, limit_page_length: 2 })))
  }
  expect(pages).toEqual(['0', '1', '2', '3', '4'])
  expect(await names(mine(), { limit: 3 })).toHaveLength(3)
})

test('filters come as lists, with doctype in front, and as an object', async () => {
  expect(await names(mine(['priority', '=', 'High']))).toEqual(['1', '3'])
  expect(await names(mine(['ToDo', 'priority', '=', 'High']))).toEqual(['1', '3'])
  const filters = { description: ['like', `%${mark}%`], priority: 'High' }
  expect(await names(filters)).toEqual(['1', '3'])
})

test.each([
  ['!=', ['priority', '!=', 'High'], '024'],
  ['in', ['priority', 'in', ['Low', 'Medium']], '024'],
  ['not in', ['priority', 'not in', ['Low']], '13'],
  ['>', ['date', '>', '2026-01-20'], '23'],
  ['>=', ['date', '>=', '2026-01-20'], '123'],
  ['< takes an empty date as the first of days', ['date', '<', '2026-01-20'], '04'],
  ['between holds both ends', ['date', 'between', ['2026-01-20', '2026-02-05']], '12'],
  ['is set', ['date', 'is', 'set'], '0123'],
  ['is not set', ['date', 'is', 'not set'], '4'],
  ['is set on text', ['color', 'is', 'set'], '4'],
  ['not like', ['description', 'not like', '%0'], '1234'],
  ['equality ignores case', ['priority', '=', 'hIGH'], '13'],
])('operator %s', async (_name, filter, expected) => {
  expect((await names(mine(filter))).join('')).toBe(expected)
})

test('timespan and a day of a Datetime hold the whole day', async () => {
  expect(await names(mine(['creation', 'timespan', 'today']))).toHaveLength(5)
  expect(await names(mine(['creation', 'timespan', 'last year']))).toHaveLength(0)
  const [row] = await admin.list('ToDo', { fields: ['creation'], filters: mine() })
  const day = String(row?.creation).slice(0, 10)
  expect(await names(mine(['creation', 'between', [day, day]]))).toHaveLength(5)
})

test('or_filters are one group beside the filters', async () => {
  const any = [
    ['status', '=', 'Closed'],
    ['date', '=', '2026-01-10'],
  ]
  expect((await names(mine(), { or_filters: any })).join('')).toBe('04')
})

test('keyset paging by modified and name loses nothing', async () => {
  const seen: string[] = []
  let cursor = { modified: '2000-01-01 00:00:00', name: '' }
  for (let page = 0; page < 6; page += 1) {
    const rows = await admin.list('ToDo', {
      fields: ['name', 'modified', 'description'],
      filters: mine(['modified', '>=', cursor.modified]),
      or_filters: [
        ['modified', '>', cursor.modified],
        ['name', '>', cursor.name],
      ],
      order_by: 'modified asc, name asc',
      limit_page_length: 2,
    })
    if (rows.length === 0) break
    seen.push(...rows.map((row) => String(row.description).at(-1) ?? ''))
    cursor = rows.at(-1) as typeof cursor
  }
  expect(seen.sort().join('')).toBe('01234')
})

test.each([
  ['priority', 'desc'],
  ['priority', 'asc'],
  ['date', 'desc'],
  ['modified', 'desc'],
] as const)(
  'keyset paging by %s %s brings each row once, up to an empty value',
  async (sort, way) => {
    const page = (filters: unknown[] = [], or_filters?: unknown[]) =>
      admin.list('ToDo', {
        fields: ['name', sort],
        filters: mine(...filters),
        ...(or_filters && { or_filters }),
        order_by: `${sort} ${way}, name asc`,
        limit_page_length: 2,
      })
    const seen: string[] = []
    let rows = await page()
    while (rows.length > 0 && seen.length < 10) {
      seen.push(...rows.map((row) => String(row.name)))
      const { name, [sort]: value } = rows.at(-1) ?? {}
      if (!value) break
      const [beyond, from] = way === 'desc' ? ['<', '<='] : ['>', '>=']
      const rest = [
        [sort, beyond, value],
        ['name', '>', name],
      ]
      rows = await page([[sort, from, value]], rest)
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(5)
  },
)

test('sorting knows several keys, directions, and empty values first', async () => {
  const rows = await admin.list('ToDo', {
    fields: ['description', 'date'],
    filters: mine(),
    order_by: 'date asc',
  })
  expect(rows.map((row) => row.date)).toEqual([null, ...DATES.slice(0, 4)])
  const order = await names(mine(), { order_by: 'priority desc, description desc' })
  expect(order.join('')).toBe('42031')
})

test('aggregates and groups', async () => {
  const groups = await admin.list('ToDo', {
    fields: ['priority', dialect.measure('count', 'name', 'n')],
    filters: mine(),
    group_by: 'priority',
    order_by: 'n desc',
  })
  expect(groups).toEqual([
    { priority: 'Low', n: 3 },
    { priority: 'High', n: 2 },
  ])
  const [sum] = await admin.list('Quotation', {
    fields: [
      dialect.measure('sum', 'grand_total', 'total'),
      dialect.measure('max', 'total_qty', 'most'),
    ],
    filters: [['party_name', '=', business.customer]],
  })
  expect(sum).toMatchObject({ most: 3 })
  expect(Number(sum?.total)).toBeGreaterThanOrEqual(400)
  const count = { doctype: 'ToDo', filters: mine() }
  expect(await admin.call('frappe.client.get_count', count)).toBe(5)
})

test('fields of a link and of a child table', async () => {
  const rows = await admin.list('Quotation', {
    fields: [
      'name',
      'items.item_code',
      'items.qty as quantity',
      'company.default_currency as money',
    ],
    filters: [['party_name', '=', business.customer]],
    order_by: 'grand_total asc',
  })
  expect(rows).toHaveLength(2)
  expect(rows.map((row) => row.quantity)).toEqual([1, 3])
  expect(rows[0]).toMatchObject({ item_code: business.item, money: business.currency })
})

test('filters on child rows', async () => {
  const bySpelledDoctype = await admin.list('Quotation', {
    filters: [
      ['Quotation Item', 'item_code', '=', business.item],
      ['Quotation Item', 'qty', '>', 2],
    ],
  })
  expect(bySpelledDoctype).toHaveLength(1)
})

test('rows of a child table come only through their parent doctype', async () => {
  const filters = [['item_code', '=', business.item]]
  const seller = await workshop.member('child', ['Sales User'])
  expect((await seller.client.listAnswer('Quotation Item', { filters })).status).toBe(403)
  const rows = await seller.client.list('Quotation Item', {
    parent: 'Quotation',
    fields: ['qty', 'parent'],
    filters,
    order_by: 'qty asc',
  })
  expect(rows.map((row) => row.qty)).toEqual([1, 3])
})

test('tree operators', async () => {
  const [root] = await admin.list('Item Group', {
    filters: [['parent_item_group', 'is', 'not set']],
  })
  const below = await admin.list('Item Group', {
    filters: [['name', 'descendants of', String(root?.name)]],
    limit_page_length: 0,
  })
  const all = await admin.list('Item Group', { limit_page_length: 0 })
  expect(below).toHaveLength(all.length - 1)
  const inclusive = await admin.list('Item', {
    filters: [
      ['item_group', 'descendants of (inclusive)', String(root?.name)],
      ['name', '=', business.item],
    ],
  })
  expect(inclusive).toHaveLength(1)
})

test('a long query goes as POST to frappe.client.get_list', async () => {
  const many = Array.from({ length: 400 }, (_value, index) => `nothing-${index}-${mark}`)
  const rows = await admin.call<unknown[]>('frappe.client.get_list', {
    doctype: 'ToDo',
    filters: mine(['name', 'not in', many]),
    limit_page_length: 0,
  })
  expect(rows).toHaveLength(5)
})

test('an unknown field, operator and column to sort by are refused', async () => {
  const refusal = async (parameters: Record<string, unknown>) => {
    const { status, json } = await admin.listAnswer('ToDo', parameters)
    return { status, type: json?.exc_type }
  }
  const unknownField = { status: 417, type: 'DataError' }
  expect(await refusal({ fields: ['nonsense'] })).toEqual(unknownField)
  expect(await refusal({ filters: [['nonsense', '=', 1]] })).toEqual(unknownField)
  expect(await refusal({ filters: [['status', '~', 1]] })).toEqual(dialect.unknownOperator)
  expect(await refusal({ order_by: 'nonsense' })).toEqual(dialect.unknownSortColumn)
})
