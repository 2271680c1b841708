/** Shows values as ERPNext shows them to this person: see `formats.ts`. */
import {
  readNumberFormat,
  writeAmount,
  writeDate,
  writeNumber,
} from '../../../bridge/src/shared/site-formats.ts'
import { formats } from './formats.ts'
import { instantIn, siteTimeIn, type WallTime } from './zoned-time.ts'

const NUMBER_TYPES = ['Currency', 'Float', 'Int', 'Percent', 'Long Int', 'Rating', 'Duration']

export function isNumberType(fieldtype: string): boolean {
  return NUMBER_TYPES.includes(fieldtype)
}

export interface FieldShape {
  fieldtype: string
  options?: string | null
}

/** Text for a value of a Frappe field type; `currency` is used when the field itself names none. */
export function formatField(value: unknown, shape: FieldShape, currency?: string | null): string {
  if (value === null || value === undefined || value === '') return '—'
  switch (shape.fieldtype) {
    case 'Currency':
      return formatMoney(value, currencyCode(shape.options) ?? currency ?? null)
    case 'Float':
      return formatNumber(value, formats.float_precision)
    case 'Int':
    case 'Long Int':
      return formatNumber(value, 0)
    case 'Percent':
      return `${formatNumber(value, 2)}\u00a0%`
    case 'Check':
      return Number(value) ? 'Yes' : 'No'
    case 'Date':
      return formatDate(value)
    case 'Datetime':
      return formatDatetime(value)
    default:
      return plainText(value)
  }
}

export function formatMoney(value: unknown, currency: string | null): string {
  const amount = Number(value)
  if (!Number.isFinite(amount)) return plainText(value)
  const look = currency ? formats.currencies[currency] : undefined
  const format = readNumberFormat(look?.number_format ?? formats.number_format)
  const written = unbroken(writeAmount(amount, format, formats.currency_precision))
  const symbol = look ? look.symbol : (currency ?? '')
  if (!symbol) return written
  return look?.on_right ? `${written}\u00a0${symbol}` : `${symbol}\u00a0${written}`
}

export function formatNumber(value: unknown, most = 2, least = 0): string {
  const amount = Number(value)
  if (!Number.isFinite(amount)) return plainText(value)
  return unbroken(writeNumber(amount, readNumberFormat(formats.number_format), most, least))
}

/** Model cost in dollars: whole cents are too coarse for it. */
export function formatCost(usd: number): string {
  if (usd === 0) return 'no cost'
  if (usd < 0.0001) return `< ${dollars(0.0001, 4)}`
  return dollars(usd, usd < 0.01 ? 4 : usd < 1 ? 3 : 2)
}

/** Models are paid in US dollars, whatever the site's own currency is. */
export function dollars(usd: number, decimals = 2): string {
  return `$${formatNumber(usd, decimals, decimals)}`
}

export function formatDate(value: unknown): string {
  const at = wallTime(value)
  return at ? writeDate(at.date, formats.date_format) : plainText(value)
}

/** Day and month in the order of the site's dates, where the year is plain. */
export function formatDay(value: string): string {
  const withoutYear = formats.date_format.replace(/[-/.]?yyyy[-/.]?/, '')
  const at = wallTime(value)
  return at ? writeDate(at.date, withoutYear) : value
}

export function formatDatetime(value: unknown): string {
  const at = wallTime(value)
  if (!at) return plainText(value)
  const time = formats.time_format === 'HH:mm' ? at.time.slice(0, 5) : at.time
  return `${writeDate(at.date, formats.date_format)} ${time}`
}

/** "just now", "5 minutes ago", then the date. */
export function formatAgo(value: string, now = Date.now()): string {
  const minutes = Math.round((now - Date.parse(value)) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  if (minutes < 60 * 24) return `${Math.round(minutes / 60)} h ago`
  return formatDate(value)
}

/** Days have no zone; ERPNext's datetimes are in the site's, the bridge's times name theirs. */
function wallTime(value: unknown): WallTime | null {
  if (typeof value !== 'string') return null
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return { date: value, time: '00:00:00' }
  if (!/^\d{4}-\d\d-\d\d[ T]/.test(value)) return null
  const { time_zone: site, display_time_zone: shown } = formats
  return siteTimeIn(value, site, shown) ?? instantIn(value, shown)
}

/** `options` of a Currency field is a code here; ERPNext's own field references are longer. */
function currencyCode(options: string | null | undefined): string | null {
  return options && /^[A-Z]{3}$/.test(options) ? options : null
}

/** Formats that group by spaces must not let a number break over two lines. */
function unbroken(number: string): string {
  return number.replaceAll(' ', '\u00a0')
}

/** Rich text fields hold HTML; only its text is shown. */
function plainText(value: unknown): string {
  if (typeof value === 'object') return JSON.stringify(value)
  const text = `${value as string | number | boolean}`
  if (!/<[a-z][^>]*>/i.test(text)) return text
  return new DOMParser().parseFromString(text, 'text/html').body.textContent?.trim() ?? ''
}
