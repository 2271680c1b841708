import { describe, expect, test } from 'vitest'
import {
  readDate,
  readNumber,
  Sentence,
  takeComparison,
  takePeriod,
} from '../../src/features/assistant/planner/language/index.ts'
import { readItemLines } from '../../src/features/assistant/planner/writes/item-lines.ts'

const today = { date: '2026-11-24', dayFirst: false }

describe('periods', () => {
  test.each([
    ['this month', '2026-11-01', '2026-11-30'],
    ['last month', '2026-10-01', '2026-10-31'],
    ['last quarter', '2026-07-01', '2026-09-30'],
    ['since March', '2026-03-01', null],
    ['next week', '2026-11-30', '2026-12-06'],
    ['last 30 days', '2026-10-25', '2026-11-24'],
    ['in 2025', '2025-01-01', '2025-12-31'],
    ['in Q2', '2026-04-01', '2026-06-30'],
    ['year to date', '2026-01-01', '2026-11-24'],
    ['before 2026-02-01', null, '2026-01-31'],
    ['between 1 May and 15 May', '2026-05-01', '2026-05-15'],
    ['from January to March', '2026-01-01', '2026-03-31'],
    ['in December', '2025-12-01', '2025-12-31'],
  ])('%s', (text, from, to) => {
    expect(takePeriod(new Sentence(`invoices ${text}`), today)).toMatchObject({ from, to })
  })

  test('a fiscal year is left to the site', () => {
    expect(takePeriod(new Sentence('sales last fiscal year'), today)).toMatchObject({ fiscal: -1 })
  })

  test('a name is no period', () => {
    expect(takePeriod(new Sentence('invoices of May Flowers Ltd'), today)?.from).not.toBe('')
    expect(takePeriod(new Sentence('orders of Augustine'), today)).toBeNull()
  })
})

test.each([
  ['tomorrow', '2026-11-25'],
  ['Friday', '2026-11-27'],
  ['in 2 weeks', '2026-12-08'],
  ['end of the month', '2026-11-30'],
  ['5 December', '2026-12-05'],
  ['2027-01-15', '2027-01-15'],
  ['the 3rd', '2026-12-03'],
])('the date "%s"', (text, date) => {
  expect(readDate(text, today)).toBe(date)
})

test.each([
  ['1,200.50', 1200.5],
  ['1.200,50', 1200.5],
  ['12,5', 12.5],
  ['5k', 5000],
  ['a dozen', 12],
  ['1,200', 1200],
])('the number "%s"', (text, value) => {
  expect(readNumber(text)).toBe(value)
})

test.each([
  ['over 500', '>', 500],
  ['at least 2k', '>=', 2000],
  ['less than $99.50', '<', 99.5],
  ['up to 300', '<=', 300],
])('the comparison "%s"', (text, operator, value) => {
  expect(takeComparison(new Sentence(`invoices ${text}`))).toMatchObject({ operator, value })
})

describe('item lines', () => {
  test('quantities, units, rates and the party after them', () => {
    const read = readItemLines(new Sentence('for 5 boxes of paper at 12.50 and 3 lamps to Hollis'))
    expect(read.lines).toMatchObject([
      { asked: 'paper', qty: 5, uom: 'Box', rate: 12.5 },
      { asked: 'lamps', qty: 3, uom: null, rate: null },
    ])
    expect(read.after).toBe('Hollis')
  })

  test('a number inside an item name is no quantity', () => {
    const { lines } = readItemLines(new Sentence('for 2 Desk 120'))
    expect(lines).toMatchObject([{ asked: 'Desk 120', qty: 2 }])
  })

  test('the party may come first', () => {
    const read = readItemLines(new Sentence('for Hollis & Sons: 2 DESK-160, 4 chairs'))
    expect(read.before).toBe('for Hollis & Sons')
    expect(read.lines.map(({ asked, qty }) => [asked, qty])).toEqual([
      ['DESK-160', 2],
      ['chairs', 4],
    ])
  })
})
