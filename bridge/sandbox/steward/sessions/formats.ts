import type { CurrencyLook } from '../../../src/shared/site-formats.ts'
import type { SiteIdentity } from '../../../src/shared/site-protocol.ts'
import type { SiteContext } from '../../site/contract.ts'
import { textOf } from '../values.ts'

type Formats = Required<
  Pick<
    SiteIdentity,
    | 'date_format'
    | 'time_format'
    | 'number_format'
    | 'float_precision'
    | 'currency_precision'
    | 'currencies'
  >
>

/** How this site writes numbers and dates for a person. */
export function formatsOf(site: SiteContext): Formats {
  const precision = setting(site, 'currency_precision')
  return {
    date_format: setting(site, 'date_format') || 'yyyy-mm-dd',
    time_format: setting(site, 'time_format') || 'HH:mm:ss',
    number_format: setting(site, 'number_format') || '#,###.##',
    float_precision: Number(setting(site, 'float_precision')) || 3,
    currency_precision: precision === '' ? null : Number(precision),
    currencies: currenciesOf(site),
  }
}

function setting(site: SiteContext, key: string): string {
  return site.getDefault(key) || textOf(site.getSingle('System Settings')[key])
}

function currenciesOf(site: SiteContext): Record<string, CurrencyLook> {
  const ownFormat = Number(setting(site, 'use_number_format_from_currency')) === 1
  const rows = site.getAll('Currency', {
    filters: { enabled: 1 },
    fields: ['name', 'symbol', 'symbol_on_right', 'number_format'],
  })
  return Object.fromEntries(
    rows.map((row) => [
      textOf(row.name),
      {
        symbol: textOf(row.symbol) || textOf(row.name),
        on_right: Boolean(row.symbol_on_right),
        number_format: ownFormat ? textOf(row.number_format) || null : null,
      },
    ]),
  )
}
