import type { ProviderRules } from '../ports.ts'

/** Stands in for a value that may not leave for a provider. */
export const MASKED = '[masked]'

/** A value that some provider may not see, and the rule that says so. */
export interface WithheldValue {
  doctype: string
  fieldname: string
  value: string
}

/** Shorter ones are in every text and tell nothing by themselves. */
const LEAST_LENGTH = 3
const MOST_VALUES = 2_000

/**
 * Values of a conversation that are kept from some provider. In a record they are masked by their
 * field; in sentences, in a model's own arguments and in summaries they are found by what they are.
 */
export class WithheldValues {
  readonly #known = new Map<string, WithheldValue>()
  #added: WithheldValue[] = []

  constructor(known: WithheldValue[] = []) {
    for (const value of known) this.#known.set(keyOf(value), value)
  }

  add(rule: { doctype: string; fieldname: string }, value: unknown): void {
    if (typeof value !== 'string' && typeof value !== 'number') return
    const text = String(value).trim()
    const withheld = { doctype: rule.doctype, fieldname: rule.fieldname, value: text }
    if (text.replaceAll(/\D/g, '').length === 0 && text.length < LEAST_LENGTH) return
    if (text.length < LEAST_LENGTH || this.#known.has(keyOf(withheld))) return
    if (this.#known.size >= MOST_VALUES) this.#known.delete([...this.#known.keys()][0] ?? '')
    this.#known.set(keyOf(withheld), withheld)
    this.#added.push(withheld)
  }

  /** What was added since the last call. */
  takeAdded(): WithheldValue[] {
    const added = this.#added
    this.#added = []
    return added
  }

  /** Takes these values out of texts for a provider with these rules. */
  scrubber(rules: ProviderRules): (text: string) => string {
    const forms = [...this.#known.values()]
      .filter(({ doctype, fieldname }) => rules.masks(doctype, fieldname))
      .flatMap(({ value }) => formsOf(value))
    if (forms.length === 0) return (text) => text
    const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length)
    const any = longestFirst.map(escaped).join('|')
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, 'giu')
    return (text) => text.replaceAll(pattern, MASKED)
  }
}

function keyOf({ doctype, fieldname, value }: WithheldValue): string {
  return `${doctype}\n${fieldname}\n${value}`
}

const NUMBER_STYLES = ['en-US', 'de-DE', 'en-IN', 'fr-FR', 'de-CH'].flatMap((locale) =>
  [0, 2, 3].map(
    (digits) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  ),
)

/** How a value may stand in a sentence: numbers and dates are written in many ways. */
function formsOf(value: string): string[] {
  if (/^-?\d+(\.\d+)?$/.test(value) && value.length < 16) {
    const number = Math.abs(Number(value))
    const exact = NUMBER_STYLES.filter(
      (style) => Number(number.toFixed(style.resolvedOptions().maximumFractionDigits)) === number,
    )
    return [value, ...exact.map((style) => style.format(number).replaceAll(/\s/g, ' '))]
  }
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (!date) return [value]
  const [, year, month, day] = date
  const orders = [
    [day, month, year],
    [month, day, year],
    [year, month, day],
  ]
  return ['-', '/', '.'].flatMap((mark) => orders.map((order) => order.join(mark)))
}

/** White space in the text may be of any kind. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&').replaceAll(/\s+/g, '\\s+')
}
