/** Stands in for a value that may not leave for a provider. */
export const MASKED = '[masked]'

/** Which doctypes and fields may not leave, out of Steward Settings. */
export interface DataRules {
  /** The whole document is withheld. */
  hides(doctype: string): boolean
  /** A copy of the record with what may not leave replaced, child rows and nested values too. */
  maskForProvider<T>(doctype: string, record: T): T
}

/** Rules of entries such as `Employee` (whole doctype) and `Customer.tax_id` (one field). */
export function createDataRules(entries: string[]): DataRules {
  const doctypes = new Set(entries.filter((entry) => !entry.includes('.')).map(normal))
  const fields = new Map<string, Set<string>>()
  for (const entry of entries.filter((candidate) => candidate.includes('.'))) {
    const [doctype = '', field = ''] = entry.split('.')
    const known = fields.get(normal(doctype)) ?? new Set()
    fields.set(normal(doctype), known.add(field.trim()))
  }
  const hides = (doctype: string) => doctypes.has(normal(doctype))
  return {
    hides,
    maskForProvider: (doctype, record) => mask(record, doctype, hides, fields) as typeof record,
  }
}

function mask(
  value: unknown,
  doctype: string,
  hides: (doctype: string) => boolean,
  fields: Map<string, Set<string>>,
): unknown {
  if (Array.isArray(value)) return value.map((item) => mask(item, doctype, hides, fields))
  if (typeof value !== 'object' || value === null) return value
  const own = (value as { doctype?: unknown }).doctype
  const type = typeof own === 'string' ? own : doctype
  const masked = fields.get(normal(type))
  const whole = hides(type)
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const field = name.split('.').at(-1) ?? name
      if (name === 'doctype') return [name, member]
      if (whole || masked?.has(field)) return [name, member === null ? null : MASKED]
      return [name, mask(member, type, hides, fields)]
    }),
  )
}

function normal(doctype: string): string {
  return doctype.trim().toLowerCase()
}
