import type { Document } from './contract.ts'
import type { InnerSite } from './inner-site.ts'
import type { Meta } from './metas.ts'

/** `SAL-QTN-.YYYY.-.#####` with the next number; the counter's key is the text before the hashes. */
export function expandSeries(pattern: string, document: Document, site: InnerSite): string {
  let counted = false
  return expandParts(pattern, document, site, (prefix, digits) => {
    if (counted) return ''
    counted = true
    const next = site.state.store.series(prefix) + 1
    site.state.store.setSeries(prefix, next)
    return String(next).padStart(digits, '0')
  })
}

function expandParts(
  pattern: string,
  document: Document,
  site: InnerSite,
  count: (prefix: string, digits: number) => string,
): string {
  let name = ''
  for (const part of pattern.split('.')) {
    if (!part) continue
    name += part.startsWith('#') ? count(name, part.length) : expandPart(part, document, site)
  }
  return name
}

function expandPart(part: string, document: Document, site: InnerSite): string {
  const [year = '', month = '', day = ''] = site.today().split('-')
  if (part === 'YYYY') return year
  if (part === 'YY') return year.slice(2)
  if (part === 'MM') return month
  if (part === 'DD') return day
  if (part === 'FY') return site.getDefault('fiscal_year') ?? year
  if (part === 'timestamp') return site.now()
  if (part.startsWith('{') || document[part] !== undefined) {
    return String(document[part.replace(/[{}]/g, '')] ?? '').trim()
  }
  return part
}

/** First option of the naming series field. */
export function defaultSeries(meta: Meta): string | null {
  const options = meta.field('naming_series')?.options?.split('\n') ?? []
  return options.find((option) => option.trim() !== '') ?? null
}

/** Deleting the last document of a series gives its number back, so names can be used again. */
export function revertSeriesIfLast(document: Document, meta: Meta, site: InnerSite): void {
  const pattern = seriesPattern(document, meta)
  if (!pattern) return
  const prefix = expandParts(pattern, document, site, () => '')
  const count = Number.parseInt(document.name.replace(prefix, ''), 10)
  if (site.state.store.series(prefix) === count) site.state.store.setSeries(prefix, count - 1)
}

/** Counts the document's own number again, so that the next document does not get it. */
export function takeNumber(document: Document, meta: Meta, site: InnerSite): void {
  const pattern = seriesPattern(document, meta)
  if (!pattern) return
  const prefix = expandParts(pattern, document, site, () => '')
  const digits = document.name.startsWith(prefix) ? document.name.slice(prefix.length) : ''
  if (!/^\d+$/.test(digits)) return
  const count = Number.parseInt(digits, 10)
  if (site.state.store.series(prefix) < count) site.state.store.setSeries(prefix, count)
}

function seriesPattern(document: Document, meta: Meta): string | null {
  const autoname = meta.definition.autoname ?? ''
  if (autoname.startsWith('naming_series:')) return String(document.naming_series ?? '') || null
  if (autoname.startsWith('format:')) return null
  return autoname.includes('#') ? autoname : null
}
