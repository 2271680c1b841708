/** How a site writes numbers and dates; read by the bridge's sentences and by the pages alike. */

/** How an amount of a currency is written beside its number. */
export interface CurrencyLook {
  symbol: string
  on_right: boolean
  /** Set where the site writes each currency in its own number format. */
  number_format: string | null
}

export interface NumberFormat {
  group: string
  /** Empty in formats without a fraction. */
  decimal: string
  /** Decimals the format itself shows. */
  decimals: number
  /** Lakh and crore: groups of two above the first three digits. */
  indian: boolean
}

/** Frappe's own list of them: how a fraction is set off, how thousands are, how many decimals. */
const FORMATS: Record<string, [decimal: string, group: string, decimals: number]> = {
  '#,###.##': ['.', ',', 2],
  '#.###,##': [',', '.', 2],
  '# ###.##': ['.', ' ', 2],
  '# ###,##': [',', ' ', 2],
  "#'###.##": ['.', "'", 2],
  '#, ###.##': ['.', ', ', 2],
  '#,##,###.##': ['.', ',', 2],
  '#,###.###': ['.', ',', 3],
  '#.###': ['', '.', 0],
  '#,###': ['', ',', 0],
  '#.########': ['.', '', 8],
}

/** What a format such as `#.###,##` says; one that Frappe does not know counts as `#,###.##`. */
export function readNumberFormat(format: string): NumberFormat {
  const [decimal, group, decimals] = FORMATS[format] ?? ['.', ',', 2]
  return { decimal, group, decimals, indian: format === '#,##,###.##' }
}

/**
 * A number with at most `most` and at least `least` decimals, halves rounded away from zero. Where the
 * format has no fraction, one that is asked for is still written, with the sign the grouping leaves free.
 */
export function writeNumber(value: number, format: NumberFormat, most: number, least = 0): string {
  const [whole = '0', fraction] = digitsOf(value, most, Math.min(least, most)).split('.')
  const decimal = format.decimal || (format.group === '.' ? ',' : '.')
  const isZero = /^[0.]*$/.test(whole + (fraction ?? ''))
  const written = grouped(whole, format) + (fraction ? decimal + fraction : '')
  return value < 0 && !isZero ? `-${written}` : written
}

/** An amount of money with `precision` decimals, or as many as the format shows. */
export function writeAmount(value: number, format: NumberFormat, precision: number | null): string {
  const decimals = format.decimal === '' ? 0 : (precision ?? format.decimals)
  return writeNumber(value, format, decimals, decimals)
}

/** `2026-03-09` in a format such as `dd.mm.yyyy`. */
export function writeDate(date: string, format: string): string {
  const [year = '', month = '', day = ''] = date.slice(0, 10).split('-')
  return (format || 'yyyy-mm-dd').replace('yyyy', year).replace('mm', month).replace('dd', day)
}

function digitsOf(value: number, most: number, least: number): string {
  return new Intl.NumberFormat('en-US', {
    useGrouping: false,
    maximumFractionDigits: most,
    minimumFractionDigits: least,
  }).format(Math.abs(value))
}

function grouped(whole: string, { group, indian }: NumberFormat): string {
  const places = indian ? /\B(?=(?:\d{2})*\d{3}$)/g : /\B(?=(?:\d{3})+$)/g
  return whole.replace(places, group)
}
