import {
  readNumberFormat,
  writeAmount,
  writeDate,
  writeNumber,
} from '../../../shared/site-formats.ts'
import type { SiteIdentity } from '../../../shared/site-protocol.ts'

/** Numbers, money and dates as this person's site writes them. */
export interface Wording {
  number(value: number): string
  money(value: number, currency?: string | null): string
  date(date: string): string
}

export function createWording(person: SiteIdentity): Wording {
  const format = readNumberFormat(person.number_format)
  const looks = person.currencies ?? {}
  const decimalsOf = person.currency_precision ?? null
  return {
    number: (value) => writeNumber(value, format, person.float_precision ?? 3),
    money: (value, currency) => {
      const code = currency ?? person.currency
      const own = looks[code]?.number_format
      const amount = writeAmount(value, own ? readNumberFormat(own) : format, decimalsOf)
      return `${amount} ${code}`.trim()
    },
    date: (date) => writeDate(date, person.date_format),
  }
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
