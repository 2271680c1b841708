import type { SiteContext } from '../site/contract.ts'

const SYMBOLS: Record<string, string> = { USD: '$', EUR: '€', GBP: '£', INR: '₹', JPY: '¥' }

/** An amount as ERPNext prints it in messages: symbol, space, grouped digits, two places. */
export function formatMoney(amount: number, currency: string): string {
  const digits = amount.toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  })
  return `${SYMBOLS[currency] ?? currency} ${digits}`.trim()
}

/** A float as Python writes it: whole ones with one decimal. */
export function pythonFloat(amount: number): string {
  return Number.isInteger(amount) ? `${amount}.0` : `${amount}`
}

/** A date as the site's System Settings print it. */
export function formatDate(date: string, site: SiteContext): string {
  const [year = '', month = '', day = ''] = date.split('-')
  const format = site.getSingle('System Settings').date_format
  const pattern = typeof format === 'string' && format ? format : 'yyyy-mm-dd'
  return pattern.replace('yyyy', year).replace('mm', month).replace('dd', day)
}
