import { expect, test } from 'vitest'
import { nearRange, timespanRange } from './timespan.ts'

// A Wednesday.
const TODAY = '2026-05-13'

test.each([
  ['today', '2026-05-13', '2026-05-13'],
  ['yesterday', '2026-05-12', '2026-05-12'],
  ['this week', '2026-05-10', '2026-05-16'],
  ['last week', '2026-05-03', '2026-05-09'],
  ['this month', '2026-05-01', '2026-05-31'],
  ['last month', '2026-04-01', '2026-04-30'],
  ['next month', '2026-06-01', '2026-06-30'],
  ['this quarter', '2026-04-01', '2026-06-30'],
  ['last quarter', '2026-01-01', '2026-03-31'],
  ['last year', '2025-01-01', '2025-12-31'],
])('%s', (phrase, from, to) => {
  expect(timespanRange(phrase, TODAY)).toEqual([from, to])
})

test('a month back from its last day ends on the shorter month’s last day', () => {
  expect(nearRange('previous', '1 month', '2026-03-31')).toEqual(['2026-02-28', '2026-03-31'])
  expect(nearRange('next', '1 year', '2024-02-29')).toEqual(['2024-02-29', '2025-02-28'])
})

test('words that are no span are none', () => {
  expect(timespanRange('some day', TODAY)).toBeNull()
  expect(nearRange('previous', 'a while', TODAY)).toBeNull()
})
