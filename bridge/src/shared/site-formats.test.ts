import { expect, it } from 'vitest'
import { readNumberFormat, writeAmount, writeDate, writeNumber } from './site-formats.ts'

it('writes amounts in each of the formats Frappe offers', () => {
  const written = (format: string) => writeAmount(-12345678.905, readNumberFormat(format), null)
  expect(written('#,###.##')).toBe('-12,345,678.91')
  expect(written('#.###,##')).toBe('-12.345.678,91')
  expect(written('# ###,##')).toBe('-12 345 678,91')
  expect(written("#'###.##")).toBe("-12'345'678.91")
  expect(written('#, ###.##')).toBe('-12, 345, 678.91')
  expect(written('#,##,###.##')).toBe('-1,23,45,678.91')
  expect(written('#,###.###')).toBe('-12,345,678.905')
  expect(written('#,###')).toBe('-12,345,679')
  expect(written('#.########')).toBe('-12345678.90500000')
  expect(written('unknown')).toBe('-12,345,678.91')
})

it('keeps the precision of a currency, except in formats without a fraction', () => {
  expect(writeAmount(5, readNumberFormat('#.###,##'), 3)).toBe('5,000')
  expect(writeAmount(5.5, readNumberFormat('#,###.##'), 0)).toBe('6')
  expect(writeAmount(1234.5, readNumberFormat('#.###'), 2)).toBe('1.235')
})

it('does not lose the fraction of a quantity in a format that has none', () => {
  expect(writeNumber(1234.5, readNumberFormat('#.###'), 3)).toBe('1.234,5')
  expect(writeNumber(1234.5, readNumberFormat('#,###'), 3)).toBe('1,234.5')
  expect(writeNumber(-0.0001, readNumberFormat('#,###'), 2)).toBe('0')
})

it('writes days in the order of the site', () => {
  expect(writeDate('2026-03-09', 'dd/mm/yyyy')).toBe('09/03/2026')
  expect(writeDate('2026-03-09 12:00:00', 'mm-dd-yyyy')).toBe('03-09-2026')
  expect(writeDate('2026-03-09', '')).toBe('2026-03-09')
})
