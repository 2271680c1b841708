/** Shows ERPNext's values as a person expects them; numbers and dates follow the browser's language. */
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
      return formatNumber(value, 3)
    case 'Int':
    case 'Long Int':
      return formatNumber(value, 0)
    case 'Percent':
      return `${formatNumber(value, 2)} %`
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
  if (!currency) return formatNumber(amount, 2, 2)
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount)
}

export function formatNumber(value: unknown, most = 2, least = 0): string {
  const amount = Number(value)
  if (!Number.isFinite(amount)) return plainText(value)
  return new Intl.NumberFormat(undefined, {
    maximumFractionDigits: most,
    minimumFractionDigits: least,
  }).format(amount)
}

/** Model cost in dollars: whole cents are too coarse for it. */
export function formatCost(usd: number): string {
  if (usd === 0) return 'no cost'
  if (usd < 0.0001) return '< $0.0001'
  const digits = usd < 0.01 ? 4 : usd < 1 ? 3 : 2
  return `$${usd.toFixed(digits)}`
}

export function formatDate(value: unknown): string {
  const date = siteDate(value)
  return date ? date.toLocaleDateString(undefined, { dateStyle: 'medium' }) : plainText(value)
}

/** Day and month, where the year is plain. */
export function formatDay(value: string): string {
  const options = { month: 'short', day: 'numeric' } as const
  return siteDate(value)?.toLocaleDateString(undefined, options) ?? value
}

/** Site datetimes carry no zone and are shown as they stand; RFC 3339 times in the browser's zone. */
export function formatDatetime(value: unknown): string {
  const date = siteDate(value)
  if (!date) return plainText(value)
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

/** "just now", "5 minutes ago", then the date. */
export function formatAgo(value: string, now = Date.now()): string {
  const minutes = Math.round((now - Date.parse(value)) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  if (minutes < 60 * 24) return `${Math.round(minutes / 60)} h ago`
  return formatDate(value)
}

function siteDate(value: unknown): Date | null {
  if (typeof value !== 'string') return null
  const text = /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00` : value.replace(' ', 'T')
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? null : date
}

/** `options` of a Currency field is a code here; ERPNext's own field references are longer. */
function currencyCode(options: string | null | undefined): string | null {
  return options && /^[A-Z]{3}$/.test(options) ? options : null
}

/** Rich text fields hold HTML; only its text is shown. */
function plainText(value: unknown): string {
  if (typeof value === 'object') return JSON.stringify(value)
  const text = `${value as string | number | boolean}`
  if (!/<[a-z][^>]*>/i.test(text)) return text
  return new DOMParser().parseFromString(text, 'text/html').body.textContent?.trim() ?? ''
}
