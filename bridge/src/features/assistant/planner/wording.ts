import type { SiteIdentity } from '../../../shared/site-protocol.ts'

/** Numbers, money and dates as this person's site writes them. */
export interface Wording {
  number(value: number, decimals?: number): string
  money(value: number, currency?: string | null): string
  date(date: string): string
}

export function createWording(person: SiteIdentity): Wording {
  const format = separatorsOf(person.number_format)
  const number = (value: number, decimals?: number) => formatNumber(value, decimals, format)
  return {
    number,
    money: (value, currency) =>
      `${number(value, format.decimals)} ${currency ?? person.currency}`.trim(),
    date: (date) => formatDate(date, person.date_format),
  }
}

interface Separators {
  group: string
  decimal: string
  decimals: number
}

/** Frappe writes the format as an example: `#,###.##`, `#.###,##`, `# ###.##`, `#,###`. */
function separatorsOf(format: string): Separators {
  const [first, second] = (format || '#,###.##').match(/[^#]/g) ?? []
  const decimals = second ? format.length - format.lastIndexOf(second) - 1 : 0
  return { group: first ?? ',', decimal: second ?? '.', decimals }
}

function formatNumber(value: number, decimals: number | undefined, format: Separators): string {
  const fixed = decimals === undefined ? trimmed(value) : Math.abs(value).toFixed(decimals)
  const [whole = '0', fraction] = fixed.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, format.group)
  const sign = value < 0 && Number(fixed) !== 0 ? '-' : ''
  return `${sign}${grouped}${fraction ? format.decimal + fraction : ''}`
}

function trimmed(value: number): string {
  return String(Math.round(Math.abs(value) * 1000) / 1000)
}

function formatDate(date: string, format: string): string {
  const [year = '', month = '', day = ''] = date.slice(0, 10).split('-')
  return (format || 'yyyy-mm-dd').replace('yyyy', year).replace('mm', month).replace('dd', day)
}

export function plural(noun: string): string {
  if (/(s|x|ch|sh)$/i.test(noun)) return `${noun}es`
  return /[^aeiou]y$/i.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
}

/** `a, b and c` */
export function listed(parts: string[]): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
