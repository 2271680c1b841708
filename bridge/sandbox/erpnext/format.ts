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
