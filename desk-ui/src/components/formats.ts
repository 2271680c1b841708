import { reactive, readonly } from 'vue'
import type { CurrencyLook } from '../bridge/protocol.ts'

/** How this person's ERPNext writes numbers, money, dates and times. */
export interface Formats {
  number_format: string
  date_format: string
  time_format: string
  float_precision: number
  currency_precision: number | null
  currencies: Record<string, CurrencyLook>
  /** IANA zone that the site's own datetimes are in. */
  time_zone: string | undefined
  /** The one they are shown in. */
  display_time_zone: string | undefined
}

// Until the person is known: as Frappe starts out, and times as this browser has them.
const state = reactive<Formats>({
  number_format: '#,###.##',
  date_format: 'yyyy-mm-dd',
  time_format: 'HH:mm:ss',
  float_precision: 3,
  currency_precision: null,
  currencies: {},
  time_zone: undefined,
  display_time_zone: undefined,
})

export const formats = readonly(state)

/** Writes everything as ERPNext writes it for this person, from now on. */
export function useFormats(person: Formats): void {
  const { number_format, date_format, time_format, float_precision } = person
  const { currency_precision, currencies, time_zone, display_time_zone } = person
  Object.assign(state, { number_format, date_format, time_format, float_precision })
  Object.assign(state, { currency_precision, currencies, time_zone, display_time_zone })
}
