import { EVERYDAY_WORDS } from './everyday-words.ts'

/** A request of several asks, split where a new verb or question begins; one part when it is one. */
export function splitParts(text: string): string[] {
  const both = MADE_AND_DECIDED.exec(text)?.groups
  if (both) return [...splitParts(`${both.make} ${both.what}`), `${both.decide} it`]
  const parts: string[] = []
  let start = 0
  let verb: string | undefined
  for (const match of text.matchAll(SEPARATOR)) {
    const before = text.slice(start, match.index)
    const rest = text.slice(match.index + match[0].length)
    verb = MAKES.exec(before)?.[1] ?? (ANOTHER_KIND.test(before.trim()) ? verb : undefined)
    if (before.trim() === '' || !begins(rest, before, match[0], verb !== undefined)) continue
    parts.push(before)
    start = match.index + match[0].length
  }
  parts.push(text.slice(start))
  const trimmed = parts.map((part) => part.trim()).filter((part) => part !== '')
  if (trimmed.length < 2) return [text.trim()]
  const whole = completed(trimmed)
  return whole.every((part) => part.split(/\s+/).length > 1) ? whole : [text.trim()]
}

/** Where a part may end: after "; ", ". ", "? ", "then", "also" and "and". */
const SEPARATOR =
  /[;?!]\s+|\.\s+(?=[A-Z])|\s*,?\s+(?:and\s+)?(?:then|after that|also|afterwards)\s+|\s*,?\s+and\s+|,\s+/gi

const SHOWING =
  'show|list|give me|tell me|count|find|open|how many|how much|what|which|who|when|where|run'
const CHANGING =
  'create|make|add|draft|prepare|submit|cancel|delete|change|set|update|rename|invoice|record|remind me|raise|mark|close|convert|turn|amend|assign|register'
const SHOWS = new RegExp(`^(?:${SHOWING})\\b(?! (?:it|that|them)\\W*$)`, 'i')
const CHANGES = new RegExp(`^(?:${CHANGING})\\b`, 'i')
const HANDS_OVER =
  /^(?:deliver|ship|pay|bill|receive|order|quote|disable|enable|approve)\s+(?:it|that|them|the\b|[a-z]+-)/i
/** "…, submit it too": what was made or changed in the part before. */
const DECIDES_IT =
  /^(?:(?:submit|cancel|delete|finali[sz]e|post) (?:it|that|this|them)|(?:have|get) (?:it|that|this|them) (?:submitted|cancelled|deleted|finali[sz]ed|posted)|submit|finali[sz]e)(?: (?:too|as well|right away|straight away|at once|immediately|directly|please))*\W*$/i
/** "create and submit an invoice …" */
const MADE_AND_DECIDED =
  /^(?<make>\W*(?:please |pls |can you |could you |would you |now |and |then )*(?:create|make|add|draft|prepare|raise|issue|write|record))(?:,? (?:and|then|and then|&) )(?:also |directly |immediately )?(?<decide>submit|finali[sz]e|post) (?<what>(?:an?|the|another|\d).+)$/i
/** "SAL-… is fine, submit it" is one ask: the first part only says why. */
const STATES =
  /\b(?:is|are|was|were|isn't|wasn't|looks?|seems?|no longer|don't need|fell|fallen|turned out|has been)\b|\b(?:good|fine|ok|okay|right|great|perfect)\W*$/i
const DECIDES_ALONE = /^(?:submit|cancel|delete)\W*$/i
/** "and make it 10 % off", "and set its validity to Friday": more of what is being made. */
const PUTS_OTHERWISE = /^(?:make|set|change|give|add|mark) (?:it|that|them|this|its|an? \d|\d|%)\b/i

const POLITE = '^\\W*(?:please |pls |can you |could you |would you |now |and |then )*'
const MAKES = new RegExp(
  `${POLITE}(?:i (?:want|need) (?:to )?)?(create|make|add|new|draft|prepare|register|raise)\\b`,
  'i',
)
/** A to-do's own words may hold any verb. */
const FREE_TEXT = new RegExp(
  `${POLITE}(?:remind me|todo|to-do|task\\b|(?:create|make|add|new|set up|i need) (?:me )?(?:an? |the )?(?:new )?(?:todo|to-do|to do|reminder|task|note)\\b)`,
  'i',
)
const ANOTHER_TODO = /^(?:an?|another) (?:new )?(?:todo|to-do|to do|reminder|task)\b/i
const KINDS = Object.values(EVERYDAY_WORDS)
  .flat()
  .filter((word) => word.length > 3 && word !== 'price' && word !== 'account')
const ANOTHER_KIND = new RegExp(`^(?:an?|another|one more) (?:new )?(?:${KINDS.join('|')})\\b`, 'i')

const KIND_OF = new RegExp(`^(?:an? )?(?:${KINDS.join('|')})s? (?:for|to|of|from)\\b`, 'i')

function begins(rest: string, before: string, separator: string, isMade: boolean): boolean {
  const isPlain = /^\s*,?\s+and\s+$|^,\s+$/i.test(separator)
  if (!isPlain && !/then|after|also/i.test(separator)) return true
  if (FREE_TEXT.test(before) && isPlain) return SHOWS.test(rest) || ANOTHER_TODO.test(rest)
  const isAnother = isMade && ANOTHER_KIND.test(rest)
  if (DECIDES_IT.test(rest)) return isMade || !STATES.test(before)
  if (separator.trim() === ',') return isAnother || (SHOWS.test(rest) && !SHOWS.test(before))
  if (PUTS_OTHERWISE.test(rest) && (isMade || KIND_OF.test(before.trim()))) return false
  if (KIND_OF.test(rest) && / (?:for|to|of|from) /i.test(before)) return true
  return isAnother || SHOWS.test(rest) || CHANGES.test(rest) || HANDS_OVER.test(rest)
}

/** "a customer Beta" after "create a lead Acme" is created too; "submit" alone means what was made. */
function completed(parts: string[]): string[] {
  let verb: string | undefined
  return parts.map((part) => {
    verb = MAKES.exec(part)?.[1] ?? (ANOTHER_KIND.test(part) ? verb : undefined)
    if (DECIDES_ALONE.test(part)) return `${part} it`
    return verb && ANOTHER_KIND.test(part) ? `${verb} ${part}` : part
  })
}
