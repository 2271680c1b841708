import type { PlannerTurn } from '../planner-turn.ts'
import type { Gist } from './gist.ts'
import { isItem, partiesCalled } from './who-is.ts'

const OF_DOCUMENT: [pattern: RegExp, question: string][] = [
  [/\b(?:who|whom|whose|customer|supplier|vendor)\b/, 'who is the customer of'],
  [
    /\b(?:settled?|open|outstanding|unpaid|remains?|owed?|left to pay|still to)\b/,
    'outstanding amount of',
  ],
  [
    /\b(?:when|what day|which day|date|until|till|hold|holds|expires?|valid|due|deadline)\b/,
    'due date of',
  ],
  [/\b(?:total|come to|comes to|worth|amount|how much|sum|value|cost)\b/, 'grand total of'],
  [
    /\b(?:status|state|paid|arrived|delivered|shipped|received|billed|gone|how far|done)\b/,
    'status of',
  ],
]
const OF_ITEM: [pattern: RegExp, question: string][] = [
  [/\b(?:price|cost|costs|pay|charge|sell|sells|go for|goes for|how much|worth)\b/, 'price of'],
  [/\b(?:stock|hand|shelf|shelves|left|available|warehouse|have|got|hold|keep|many)\b/, 'stock of'],
]
const OF_PARTY: [pattern: RegExp, question: string][] = [
  [/\b(?:phone|ring|telephone|number|mobile|dial)\b/, 'phone number of'],
  [/\b(?:e-?mail|mail)\b/, 'email of'],
  [/\bterritory|region\b/, 'territory of'],
  [/\bterms\b/, 'payment terms of'],
  [/\bgroup\b/, 'customer group of'],
  [/\b(?:owes?|owing|behind|outstanding|balance|debt|debts|arrears|in the red)\b/, 'owed'],
]

/** One document, party or item and what is asked of it, in plain words; null when it is not clear. */
export async function saidAsLookup(gist: Gist, planner: PlannerTurn): Promise<string | null> {
  const { documents, names, lines, text } = gist
  if (lines.length > 0 || /\b(?:not|never|except|if|why|last time|compare[ds]?)\b|n't\b/.test(text))
    return null
  if (documents.length === 1) {
    const question = asked(OF_DOCUMENT, text)
    return question && names.length === 0 ? `${question} ${documents[0]!.name}` : null
  }
  const [name, ...others] = names
  if (!name || others.length > 0 || documents.length > 0) return null
  const [party] = await partiesCalled(name, planner)
  if (!party) {
    const question = (await isItem(name, planner)) ? asked(OF_ITEM, text) : null
    return question && `${question} ${name}`
  }
  const question = asked(OF_PARTY, text)
  if (question !== 'owed') return question && `${question} ${name}`
  return party === 'Customer' ? `how much does ${name} owe us` : `how much do we owe ${name}`
}

function asked(questions: [pattern: RegExp, question: string][], text: string): string | null {
  return questions.find(([pattern]) => pattern.test(text))?.[1] ?? null
}
