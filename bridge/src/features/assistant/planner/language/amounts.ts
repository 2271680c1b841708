import type { Sentence } from './sentence.ts'
import { NUMBER, readNumber } from './numbers.ts'

/** A comparison of an amount or a count: "over 500", "between 100 and 200". */
export interface Comparison {
  operator: '>' | '>=' | '<' | '<=' | '=' | 'between'
  value: number
  /** Upper end of `between`. */
  upTo: number | null
  words: string
}

const CURRENCY = '(?:[$€£₹]|\\b(?:usd|eur|gbp|inr|chf|rs\\.?|dollars?|euros?|pounds?|rupees?)\\b)'
const AMOUNT = `(?:${CURRENCY} ?)?(${NUMBER})(?: ?${CURRENCY})?`

const OPERATORS: [words: string, operator: Comparison['operator']][] = [
  ['no more than|not more than|at most|up to|not exceeding|maximum(?: of)?|max', '<='],
  ['no less than|not less than|at least|minimum(?: of)?|min', '>='],
  [
    'over|above|more than|greater than|bigger than|larger than|higher than|exceeding|exceeds?|>',
    '>',
  ],
  ['under|below|less than|smaller than|lower than|fewer than|cheaper than|<', '<'],
  ['exactly|equal to|of exactly|=', '='],
]

/** Takes an amount comparison out of the sentence. */
export function takeComparison(sentence: Sentence): Comparison | null {
  const between = sentence.take(new RegExp(`\\b(?:between|from) ${AMOUNT} (?:and|to) ${AMOUNT}`))
  if (between) {
    const low = readNumber(between[1]!)
    const high = readNumber(between[2]!)
    if (low !== null && high !== null) {
      return { operator: 'between', value: low, upTo: high, words: `between ${low} and ${high}` }
    }
  }
  const plus = sentence.take(new RegExp(`${AMOUNT} (?:or more|and above|and up|upwards)`))
  if (plus) return comparison('>=', plus[1]!)
  for (const [words, operator] of OPERATORS) {
    const match = sentence.take(
      new RegExp(`(?:\\b|(?<= ))(?:${words}) ?${AMOUNT}(?! ?(?:days?|weeks?|months?)\\b)`),
    )
    if (match) return comparison(operator, match[1]!)
  }
  return null
}

function comparison(operator: Comparison['operator'], digits: string): Comparison | null {
  const value = readNumber(digits)
  return value === null
    ? null
    : { operator, value, upTo: null, words: `${NAMED[operator]} ${value}` }
}

const NAMED: Record<Comparison['operator'], string> = {
  '>': 'over',
  '>=': 'at least',
  '<': 'under',
  '<=': 'at most',
  '=': 'of exactly',
  between: 'between',
}

/** An amount of money in the sentence after `lead`, e.g. `payment of`. */
export function takeAmountAfter(sentence: Sentence, lead: string): number | null {
  const match = sentence.take(new RegExp(`\\b(?:${lead}) ${AMOUNT}(?![\\w%-])`))
  return match ? readNumber(match[1]!) : null
}
