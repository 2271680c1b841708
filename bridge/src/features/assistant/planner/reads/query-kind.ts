import { NUMBER, readNumber, type Sentence } from '../language/index.ts'
import type { ReadKind } from './read-query.ts'

/** What kind of answer is wanted, and how it is cut and ordered. */
export interface KindReading {
  kind: ReadKind
  /** True when a word said so; a plain list otherwise. */
  explicit: boolean
  limit: number | null
  order: { by: 'amount' | 'date' | 'due' | 'quantity'; direction: 'asc' | 'desc' } | null
}

export function takeKind(sentence: Sentence): KindReading {
  const cut = takeCut(sentence)
  const count = sentence.take(
    /\b(?:how many|number of|(?:the )?count of|count(?: up)?(?: the| all| our)?|no\. of|# of)\b/,
  )
  if (count) return { kind: 'count', explicit: true, ...cut }
  if (sentence.take(/\b(?:on average|average|avg|mean)\b(?: of)?/)) {
    return { kind: 'avg', explicit: true, ...cut }
  }
  if (
    sentence.take(
      /\b(?:how much|(?:the |grand )?total(?:s)?(?: amount| value| sum| worth)?(?: of)?|sum(?: up)?(?: of)?|add up|(?:combined |total )?(?:value|worth of)(?: of)?)\b/,
    )
  ) {
    return { kind: 'sum', explicit: true, ...cut }
  }
  return { kind: 'list', explicit: false, ...cut }
}

type Cut = Pick<KindReading, 'limit' | 'order'>

const MOST =
  '(?:biggest|largest|highest|greatest|most expensive|top|best|most valuable|largest open)'
const LEAST = '(?:smallest|lowest|cheapest|least expensive|bottom|worst)'
const NEWEST = '(?:latest|newest|most recent|last|recent)'
const OLDEST = '(?:oldest|earliest|first)'

/** "top 5", "the 3 biggest", "latest", "oldest first"; a singular noun after it means one. */
function takeCut(sentence: Sentence): Cut {
  const kinds: [string, NonNullable<Cut['order']>][] = [
    [MOST, { by: 'amount', direction: 'desc' }],
    [LEAST, { by: 'amount', direction: 'asc' }],
    [NEWEST, { by: 'date', direction: 'desc' }],
    [OLDEST, { by: 'date', direction: 'asc' }],
  ]
  const sorted = takeSorting(sentence)
  for (const [words, order] of kinds) {
    const withCount =
      sentence.take(new RegExp(`\\b${words} (${NUMBER})(?= [a-z]|\\W*$)`)) ??
      sentence.take(new RegExp(`\\b(${NUMBER}) (?:of the |of our )?${words}\\b`))
    const count = withCount ? readNumber(withCount[1]!) : null
    if (count !== null) return { limit: count, order: sorted ?? order }
    const plain = sentence.take(new RegExp(`\\b${words}\\b(?! (?:week|month|quarter|year|\\d))`))
    if (plain)
      return { limit: isSingular(sentence, plain.index) ? 1 : null, order: sorted ?? order }
  }
  const first = sentence.take(new RegExp(`^[^a-z]*(${NUMBER})(?= [a-z])`))
  return { limit: first ? readNumber(first[1]!) : null, order: sorted }
}

const SINGULAR_NOUN =
  /^[\u0001 ]*(?:(?:sales|purchase|delivery|payment|material|unpaid|overdue|open|draft|paid|customer|supplier) )*(?:invoice|order|quotation|quote|note|receipt|payment|entry|request|customer|supplier|item|product|bill|lead|task|issue|opportunity|one|todo|delivery|po)\b/

function isSingular(sentence: Sentence, from: number): boolean {
  return SINGULAR_NOUN.test(sentence.text.slice(from))
}

function takeSorting(sentence: Sentence): Cut['order'] {
  const match = sentence.take(
    /\b(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?|arranged?)(?: them| it| these)? by (?:the )?(amount|total|value|price|date|due date|delivery date|outstanding|quantity|qty|size|age)(?:,? (ascending|descending|asc|desc|(?:lowest|smallest|oldest|earliest) first|(?:highest|biggest|newest|latest) first))?/,
  )
  if (match) {
    const by = /due|delivery/.test(match[1]!)
      ? 'due'
      : /date|age/.test(match[1]!)
        ? 'date'
        : 'amount'
    const up = /asc(?!.*desc)|lowest|smallest|oldest|earliest/.test(match[2] ?? '')
    const down = /desc|highest|biggest|newest|latest/.test(match[2] ?? '')
    return { by, direction: up || (!down && by === 'due') ? 'asc' : 'desc' }
  }
  if (sentence.take(/\b(?:oldest|earliest) first\b/)) return { by: 'date', direction: 'asc' }
  if (sentence.take(/\b(?:newest|latest|most recent) first\b/)) {
    return { by: 'date', direction: 'desc' }
  }
  if (sentence.take(/\b(?:biggest|largest|highest|most expensive) first\b/)) {
    return { by: 'amount', direction: 'desc' }
  }
  return sentence.take(/\b(?:smallest|lowest|cheapest) first\b/)
    ? { by: 'amount', direction: 'asc' }
    : null
}
