import type { Sentence } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { ReadQuery } from './read-query.ts'

export type MeasureKind = 'amount' | 'net' | 'outstanding' | 'quantity'

export interface MeasureWord {
  kind: MeasureKind
  /** "revenue" alone asks for a figure, "outstanding" only qualifies a list. */
  asFigure: boolean
  /** Whose turnover: customers' unless the word says suppliers'. */
  side: 'selling' | 'buying' | null
}

const WORDS: [pattern: RegExp, kind: MeasureKind, asFigure: boolean, side: MeasureWord['side']][] =
  [
    [/\b(?:net )?(?:revenue|turnover|net sales|earnings|income)\b/, 'net', true, 'selling'],
    [
      /\b(?:spend|spending|expenditure|purchases|purchase volume|purchase value)\b/,
      'amount',
      true,
      'buying',
    ],
    [
      /\b(?:did we spend|have we spent|we spent|spent|did we (?:buy|purchase)|have we (?:bought|purchased)|we bought)\b/,
      'amount',
      true,
      'buying',
    ],
    [
      /\b(?:did we sell|have we sold|we sold|sold|selling|we sell)\b(?! (?:price|price list))/,
      'amount',
      true,
      'selling',
    ],
    [
      /\b(?:sales volume|sales value|sales figures?|gross sales|billings)\b/,
      'amount',
      true,
      'selling',
    ],
    [
      /\b(?:did we (?:invoice|bill)|have we (?:invoiced|billed)|we (?:invoiced|billed)|(?:was|were|been) (?:invoiced|billed))\b/,
      'amount',
      true,
      'selling',
    ],
    [
      /\b(?:outstanding (?:amounts?|balances?|debts?)|amounts? outstanding|balances? due|unpaid amounts?|receivables|open balances?)\b/,
      'outstanding',
      true,
      null,
    ],
    [/\b(?:is|are) (?:still )?outstanding\b/, 'outstanding', true, null],
    [/\b(?:still )?(?:owes?|owed|owing|in debt)\b(?: (?:to )?us)?/, 'outstanding', true, null],
    [
      /\b(?:brings?|brought|makes?|made|generates?) (?:us )?(?:in )?(?:the )?(?:most )?(?:money|revenue|cash)\b/,
      'amount',
      true,
      'selling',
    ],
    [/\b(?:quantit(?:y|ies)|qty|units|pieces)\b/, 'quantity', false, null],
    [
      /\bsales\b(?! (?:order|invoice|quotation|quote|person|team|partner|tax|register|analytics|funnel|pipeline|stage))/,
      'amount',
      true,
      'selling',
    ],
  ]

export function takeMeasure(sentence: Sentence): MeasureWord | null {
  if (/\bdebtors?\b/i.test(sentence.original)) return OUTSTANDING
  if (/\bhow much (?:did|has|have) (?!we\b|i\b|you\b)/i.test(sentence.original)) {
    const bought = sentence.take(/\b(?:buy|bought|spen[dt]|order(?:ed)?|purchased?|pa(?:y|id))\b/)
    if (bought) return { kind: 'amount', asFigure: true, side: 'selling' }
  }
  for (const [pattern, kind, asFigure, side] of WORDS) {
    if (sentence.take(pattern)) return { kind, asFigure, side }
  }
  return null
}

const OUTSTANDING: MeasureWord = { kind: 'outstanding', asFigure: true, side: null }

/** The field of `doctype` that measures it; company currency, so that sums add like with like. */
export function measureFor(doctype: string, kind: MeasureKind): ReadQuery['measure'] {
  const known = knowledgeOf(doctype)
  const items = known?.items?.field
  if (kind === 'quantity' && items) {
    return { field: `${items}.qty`, label: 'Quantity', isMoney: false }
  }
  if (kind === 'outstanding' && known?.outstanding) {
    return { field: known.outstanding, label: 'Outstanding', isMoney: true }
  }
  if (kind === 'net' && known?.baseNet) {
    return { field: known.baseNet, label: 'Net total', isMoney: true }
  }
  const field = known?.baseAmount ?? known?.amount
  return field ? { field, label: 'Total', isMoney: true } : null
}

/** When grouped by item, a line's own amount counts, not the whole document's. */
export function itemMeasure(query: ReadQuery): ReadQuery['measure'] {
  const items = knowledgeOf(query.doctype)?.items?.field
  if (!query.measure || !items || query.measure.field.startsWith(`${items}.`)) return query.measure
  return { field: `${items}.base_net_amount`, label: 'Net amount', isMoney: true }
}
