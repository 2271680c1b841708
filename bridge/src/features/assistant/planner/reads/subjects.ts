import type { Sentence } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { Grouping } from './grouping.ts'
import type { MeasureKind, MeasureWord } from './measures.ts'
import type { KindReading } from './query-kind.ts'

/** What is looked at, and how when the wording implies it. */
export interface Subject {
  doctype: string
  /** "which customers owe us most" is about invoices, grouped by customer. */
  group: Grouping | null
  measure: MeasureKind | null
  /** Doctypes the text named besides, e.g. `Customer` in "orders of customer X". */
  besides: string[]
}

interface Said {
  measure: MeasureWord | null
  grouping: Grouping | null
  kind: KindReading
}

/** Finds the doctype a question is about and takes its words out. */
export function takeSubject(
  sentence: Sentence,
  planner: PlannerTurn,
  said: Said,
  fallback: string | null,
): Subject | null {
  const named = takeDoctypes(sentence, planner)
  const transactions = named.filter((doctype) => !MASTERS.has(doctype))
  const main =
    preferred(transactions, said, named.includes('Customer') && !named.includes('Supplier')) ??
    transactions[0]
  if (main && transactions.length > 0) {
    const besides = named.filter((doctype) => doctype !== main)
    return { doctype: main, group: null, measure: null, besides }
  }
  const ranked = rankedMasters(named, said)
  if (ranked) return ranked
  if (named[0]) return { doctype: named[0], group: null, measure: null, besides: named.slice(1) }
  if (said.measure?.asFigure) {
    const asksWho = said.measure.kind === 'outstanding' && /^\W*who\b/i.test(sentence.original)
    return { ...plain(figureDoctype(said.measure, null)), group: asksWho ? 'customer' : null }
  }
  if (sentence.has(/\b(?:overdue|unpaid|(?:hasn't|haven't|has not|have not) (?:yet )?paid)\b/)) {
    return { ...plain('Sales Invoice'), measure: 'outstanding' }
  }
  return fallback ? plain(fallback) : null
}

/** Parties and items: with a measure they are what a figure is grouped by. */
const MASTERS = new Set([
  'Customer',
  'Supplier',
  'Item',
  'Item Group',
  'Territory',
  'Customer Group',
])

const GROUPS: Record<string, Grouping> = {
  Customer: 'customer',
  Supplier: 'supplier',
  Item: 'item',
  'Item Group': 'item group',
  Territory: 'territory',
  'Customer Group': 'customer group',
}

/** "top 5 customers", "customers by revenue", "best selling items", "who owes us most". */
function rankedMasters(named: string[], { measure, kind, grouping }: Said): Subject | null {
  const master = named.find((doctype) => MASTERS.has(doctype))
  const isRanking = kind.order?.by === 'amount' && kind.limit !== 1 && !grouping
  if (!master || (!measure?.asFigure && !(isRanking && GROUPS[master]))) return null
  if (kind.explicit && kind.kind === 'count' && !measure?.asFigure) return null
  if (kind.explicit && kind.kind === 'sum' && !kind.order) {
    return { ...plain(figureDoctype(measure, master)), besides: named.slice(1) }
  }
  const doctype = figureDoctype(measure, master)
  const rest = named.filter((other) => other !== master)
  return { doctype, group: grouping ? null : GROUPS[master]!, measure: null, besides: rest }
}

function figureDoctype(measure: MeasureWord | null, master: string | null): string {
  const buying = measure?.side === 'buying' || master === 'Supplier'
  return buying ? 'Purchase Invoice' : 'Sales Invoice'
}

/** Plain "order" or "invoice" with a supplier beside it is a purchase. */
function preferred(
  transactions: string[],
  { grouping }: Said,
  isOfCustomers: boolean,
): string | null {
  const [first] = transactions
  // What customers have not paid are "bills" too.
  if (first === 'Purchase Invoice' && isOfCustomers) return 'Sales Invoice'
  if (grouping !== 'supplier') return null
  return (
    { 'Sales Order': 'Purchase Order', 'Sales Invoice': 'Purchase Invoice' }[first ?? ''] ?? null
  )
}

function plain(doctype: string): Subject {
  return { doctype, group: null, measure: null, besides: [] }
}

/** Doctypes named in the text, in its order; a short alias next to a longer name does not count. */
export function takeDoctypes(sentence: Sentence, planner: PlannerTurn): string[] {
  const mentions = planner.vocabulary
    .mentions(sentence.text)
    .filter(({ kind }) => kind === 'doctype')
  for (const { start, end } of mentions) sentence.takeSpan(start, end)
  const named = [...new Set(mentions.map(({ value }) => value))]
  return named.filter((doctype) => knowledgeOf(doctype) !== null || planner.vocabulary.has(doctype))
}
