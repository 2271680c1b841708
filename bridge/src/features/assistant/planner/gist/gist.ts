import { NUMBER, readNumber, Sentence } from '../language/index.ts'
import { mentionedDocuments } from '../mentioned-documents.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { isFrameWord } from './frame-words.ts'
import { takeDays } from './gist-dates.ts'

export interface GistLine {
  qty: number
  item: string
  rate: number | null
}

/** What a request holds once the words around it are taken away. */
export interface Gist {
  /** Folded, with what was taken still in it: for what the words around say. */
  text: string
  documents: { doctype: string; name: string }[]
  doctypes: string[]
  days: string[]
  percent: number | null
  lines: GistLine[]
  /** Numbers that belong to no line. */
  amounts: number[]
  /** In the person's spelling. */
  names: string[]
}

/** Everything the sentence names; null when a day in it cannot be read. */
export function readGist(text: string, planner: PlannerTurn): Gist | null {
  const sentence = new Sentence(text)
  const documents = mentionedDocuments(sentence.text).map(({ doctype, name, start, end }) => {
    sentence.takeSpan(start, end)
    return { doctype, name: name.toUpperCase() }
  })
  sentence.take(/\b(?:this|that|the|which|wrong|right|other|same|another) ones?\b/)
  sentence.take(
    /\b(?:from|as of|starting|effective) (?:today|now|this (?:day|week|month))(?: on(?:wards?)?)?\b/,
  )
  const percent = sentence.take(PERCENT)
  const days = takeDays(sentence, planner.today)
  if (!days) return null
  const doctypes = takeDoctypes(sentence, planner)
  const { lines, amounts } = takeLines(sentence)
  const names = namesIn(sentence)
  const share = percent ? readNumber(percent[1]!) : null
  return {
    text: sentence.original.toLowerCase(),
    documents,
    doctypes,
    days,
    percent: share,
    lines,
    amounts,
    names,
  }
}

const PERCENT = new RegExp(`(${NUMBER})\\s?(?:%|percent\\b|per cent\\b|pct\\b)`)

/** Kinds of documents; capitals on both sides are part of a name ("Old Delivery Company"). */
function takeDoctypes(sentence: Sentence, { vocabulary }: PlannerTurn): string[] {
  const found = vocabulary
    .mentions(sentence.text)
    .filter(({ kind, exact }) => kind === 'doctype' && exact)
    .filter(({ start, end }) => !isInName(sentence, start, end) && !isCounted(sentence, start))
  for (const { start, end } of found) sentence.takeSpan(start, end)
  const isVerb = (start: number, end: number) =>
    found.length > 1 && /^issue$/i.test(sentence.original.slice(start, end))
  const named = found.filter(
    ({ start, end }) => !isVerb(start, end) && !BESIDE.test(sentence.original.slice(start, end)),
  )
  return [...new Set(named.map(({ value }) => value))]
}

/** "delivery on Friday" beside an order is about its day, "at a price of" about its rate. */
const BESIDE = /^(?:delivery|deliveries|shipment|price|account)$/i

function isInName({ original }: Sentence, start: number, end: number): boolean {
  const own = /^\p{Lu}/u.test(original.slice(start, end)) && start > 0
  const before = /(?:^|[\s(])\p{Lu}[\p{L}\d&.'’-]*\s$/u.test(original.slice(0, start))
  const after = /^\s(?:&\s)?\p{Lu}/u.test(original.slice(end))
  return /[-_\p{L}\d]$/u.test(original.slice(0, start)) || (own && (before || after))
}

/** "eight task chairs": what is counted is no kind of document. */
function isCounted({ text }: Sentence, start: number): boolean {
  return new RegExp(`(?<![\\w-])(?!an? $)(?:${NUMBER}) $`).test(text.slice(0, start))
}

const CURRENCY = '(?:[$€£]|(?:usd|eur|gbp|dollars?|euros?)\\b)'
const EACH = '(?:each|apiece|(?:a|an|per) (?:piece|unit|item|hour|box|pack|set|month|roll))'
const UNITS = '(?:pieces?|pcs|units?|boxes|box|packs?|hours?|hrs?|sets?|pairs?|x)'
const QUANTITY = new RegExp(
  `^(${NUMBER})(?:x(?= )| ?×)?\\s+(?:more |of (?:the |those |our )?|${UNITS} (?:of )?)*`,
)
const RATE = new RegExp(
  `^,?\\s*(?:(?:(?:at|for|@)\\s*)?${CURRENCY}?\\s*(${NUMBER})\\s*${CURRENCY}?\\s*${EACH}|(?:at|@)\\s*${CURRENCY}?\\s*(${NUMBER})(?![\\w-])\\s*${CURRENCY}?)`,
)

/** "3 of the chairs at 20 each": a number and the name behind it. */
function takeLines(sentence: Sentence): Pick<Gist, 'lines' | 'amounts'> {
  const lines: GistLine[] = []
  const amounts: number[] = []
  const starts = new RegExp(
    `(?<![\\w.,-])(?:${CURRENCY}\\s?)?(?=(?:${NUMBER})(?![-\\w]|[.,]\\d))|(?<![\\w-])(?=\\d+x )`,
    'g',
  )
  for (const { index, 0: sign } of [...sentence.text.matchAll(starts)]) {
    const at = index + sign.length
    const rest = sentence.text.slice(at)
    const match = QUANTITY.exec(rest) ?? new RegExp(`^(${NUMBER})`).exec(rest)
    const value = match && readNumber(match[1]!)
    if (!match || value === null) continue
    const isArticle = /^an?$/.test(match[1]!)
    const from = at + match[0].length
    const to = from + runAt(sentence, from)
    const item = sentence.spelled(from, to)
    if (isArticle && !/[-\d]/.test(item)) continue
    const rate = to > from ? RATE.exec(sentence.text.slice(to)) : null
    if (to > from)
      lines.push({ qty: value, item, rate: rate ? readNumber(rate[1] ?? rate[2]!) : null })
    else amounts.push(value)
    sentence.takeSpan(index, to + (rate?.[0].length ?? 0))
  }
  return { lines, amounts }
}

const CAPITAL = /[\p{Lu}\p{N}]/u
const WORD = /^(?:\s+|\s*&\s*)?([\p{L}\p{N}][\p{L}\p{N}.'’_/-]*)/u

/** How far a name reaches from here: words that frame nothing, without a comma between them. */
function runAt(sentence: Sentence, from: number): number {
  let length = 0
  let wasCapital = false
  for (;;) {
    const match = WORD.exec(sentence.text.slice(from + length))
    const word = match?.[1]?.replace(/[.'’/]+$/, '')
    if (!match || !word) return length
    const start = from + length + match[0].length - match[1]!.length
    if (!isNameWord(sentence, start, word)) return length
    // "Redfern Logistics telephoned": a name is written in one way, with capitals or without.
    const isCapital = CAPITAL.test(sentence.original.slice(start, start + 1))
    if (length > 0 && isCapital !== wasCapital) return length
    wasCapital = isCapital
    const end = start + word.length - from
    if (word.length < match[1]!.length) return end
    length = end
  }
}

function isNameWord({ original }: Sentence, start: number, folded: string): boolean {
  const word = original.slice(start, start + folded.length)
  if (/\d/.test(word) && !/\p{L}/u.test(word)) return false
  const isBegin = start === 0 || /[.!?:;]\s*$/.test(original.slice(0, start))
  return !isFrameWord(word) || (!isBegin && /^\p{Lu}[\p{L}\d-]/u.test(word))
}

function namesIn(sentence: Sentence): string[] {
  const names: string[] = []
  for (let at = 0; at < sentence.text.length;) {
    const isStart = at === 0 || !/[\p{L}\p{N}_-]/u.test(sentence.text[at - 1]!)
    const length = isStart && /[\p{L}\p{N}]/u.test(sentence.text[at]!) ? runAt(sentence, at) : 0
    if (length > 0) names.push(sentence.spelled(at, at + length).replace(/['’]s?$/, ''))
    at += Math.max(1, length)
  }
  return names
}
