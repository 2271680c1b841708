import { Sentence, takeComparison, takePeriod } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { takeGrouping, groupFieldOf, type Grouping } from './grouping.ts'
import { measureFor, takeMeasure, type MeasureWord } from './measures.ts'
import { takeKind, type KindReading } from './query-kind.ts'
import { emptyQuery, type ReadQuery } from './read-query.ts'
import { takeSubject, type Subject } from './subjects.ts'

/** What the words alone say; names of parties and items are still in the sentence. */
export interface QueryReading {
  query: ReadQuery
  subject: Subject
}

/** Reads a question about documents; null when it names nothing to look at. */
export function readQuery(
  sentence: Sentence,
  planner: PlannerTurn,
  fallback: string | null = null,
): QueryReading | null {
  const state = sentence.take(STATE_PHRASE)?.[0] ?? ''
  const due = takeDueWord(sentence)
  const period = takePeriod(sentence, planner.today)
  const amount = takeComparison(sentence)
  const grouping = takeGrouping(sentence)
  const kind = takeKind(sentence)
  const measure = takeMeasure(sentence)
  const subject = takeSubject(sentence, planner, { measure, grouping, kind }, fallback)
  if (!subject) return null
  const query = emptyQuery(subject.doctype, kindOf(kind, measure, subject))
  query.statuses = [
    ...takeStatuses(new Sentence(state), subject.doctype),
    ...takeStatuses(sentence, subject.doctype),
  ]
  setPeriod(query, period, due, planner.today.date)
  setAmount(query, amount, measure)
  setMeasure(query, measure, kind, subject)
  query.limit = kind.limit
  setOrder(query, kind)
  setGroup(query, subject.group ?? grouping)
  return { query, subject }
}

/** States that hold a document's own word ("to bill"), taken before documents are looked for. */
const STATE_PHRASE =
  /\b(?:(?:still )?to (?:be )?(?:deliver(?:ed)?|bill(?:ed)?|invoiced?|received?)|not (?:yet )?(?:been )?(?:delivered|billed|invoiced|received|paid|ordered|shipped))(?! (?:by|next|this|in|on|tomorrow|today|within|before|until)\b)\b/

function kindOf(
  kind: KindReading,
  measure: MeasureWord | null,
  subject: Subject,
): ReadQuery['kind'] {
  if (kind.explicit) return kind.kind
  return subject.group || (measure && measure.asFigure) ? 'sum' : 'list'
}

function takeDueWord(sentence: Sentence): boolean {
  const match = sentence.take(
    /\b(?<!past )(?:that (?:are|is) |which (?:are|is) |are |is |falling |fall |coming )?(?:due|payable|to be delivered|for delivery|expiring|expire|expires|valid (?:until|till)|needed|to deliver by)(?= (?:this|next|in|on|by|before|after|within|until|till|today|tomorrow|the|last|since|between|from|\u0001|now|end)|[\s?.!]*$)/,
  )
  return match !== null
}

/** Takes the status words of this doctype; several may stand together. */
export function takeStatuses(sentence: Sentence, doctype: string): string[] {
  const names: string[] = []
  for (const { words, name } of knowledgeOf(doctype)?.statuses ?? []) {
    const pattern = new RegExp(
      `\\b(?:(?:that|which) (?:are|is|were) (?:still )?|still )?(?:${words})\\b`,
    )
    if (sentence.take(pattern)) names.push(name)
  }
  return names
}

function setPeriod(
  query: ReadQuery,
  period: ReturnType<typeof takePeriod>,
  due: boolean,
  today: string,
): void {
  const known = knowledgeOf(query.doctype)
  const dueField = known?.due ?? known?.date
  if (period) {
    const field = due ? dueField : known?.date
    if (field)
      query.period = { ...period, words: due ? `due ${period.words}` : period.words, field }
  } else if (due && dueField) {
    query.period = { from: null, to: today, words: 'due by today', field: dueField }
  }
}

function setAmount(
  query: ReadQuery,
  amount: ReturnType<typeof takeComparison>,
  measure: MeasureWord | null,
): void {
  if (!amount) return
  const known = knowledgeOf(query.doctype)
  const field = measure?.kind === 'outstanding' ? known?.outstanding : known?.amount
  query.amount = {
    ...amount,
    field: field ?? (query.doctype === 'Item' ? 'standard_rate' : 'name'),
  }
  if (query.amount.field === 'name') query.amount = null
}

function setMeasure(
  query: ReadQuery,
  measure: MeasureWord | null,
  kind: KindReading,
  subject: Subject,
): void {
  if (query.kind === 'list' || query.kind === 'count') return
  const wanted = measure?.kind ?? subject.measure ?? (kind.explicit ? 'amount' : 'amount')
  query.measure = measureFor(query.doctype, wanted)
}

function setOrder(query: ReadQuery, { order }: KindReading): void {
  if (!order) return
  const known = knowledgeOf(query.doctype)
  const fields = {
    amount: known?.amount,
    quantity: known?.amount,
    date: known?.date ?? 'creation',
    due: known?.due ?? known?.date,
  }
  const field = fields[order.by]
  if (field) query.order = { field, direction: order.direction }
}

function setGroup(query: ReadQuery, grouping: Grouping | null): void {
  if (!grouping) return
  query.group = groupFieldOf(query.doctype, grouping)
  if (query.group && query.kind === 'list') {
    query.kind = 'sum'
    query.measure = measureFor(query.doctype, 'amount')
  }
}
