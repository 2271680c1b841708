import { NUMBER, readNumber, type Sentence } from '../language/index.ts'
import type { ItemLine } from './write-plan.ts'

export interface ReadLines {
  lines: (ItemLine & { asked: string })[]
  /** What stood before the first quantity and after the last item: where the party is. */
  before: string
  after: string | null
}

const UNITS: Record<string, string | null> = {
  piece: null,
  pc: null,
  pcs: null,
  unit: null,
  no: null,
  nos: null,
  x: null,
  box: 'Box',
  kg: 'Kg',
  kilo: 'Kg',
  gram: 'Gram',
  hour: 'Hour',
  hr: 'Hour',
  day: 'Day',
  pair: 'Pair',
  set: 'Set',
  meter: 'Meter',
  metre: 'Meter',
  litre: 'Litre',
  liter: 'Litre',
}
const UNIT = `(?:(${Object.keys(UNITS).join('|')})(?:e?s)?\\b\\.?|(×))`

/** A quantity begins a line: at the start, or after a separator. */
const QUANTITY = new RegExp(
  `(^|[,;:+&(\\u0001]|\\b(?:for|of|and|plus|with|to|add|order|buy|sell|need|want|another|include|including|request|quote|invoice|deliver|receive|x)\\b)\\s*(?:another |also |about )?(${NUMBER})(?![-%./\\d]|\\s?%)\\s*(?:${UNIT}\\s*(?:of )?)?(?=[\\p{L}"'(]|\\d+[a-z-])`,
  'gu',
)
const ANYWHERE = new RegExp(
  `(\\s)(\\d[\\d.,]*)(?![-%./\\d]|\\s?%)\\s*(?:${UNIT}\\s*(?:of )?)?(?=[\\p{L}"'(])`,
  'gu',
)
const CURRENCY = '(?:[$€£₹]|usd|eur|gbp|inr|dollars?|euros?)'
const RATE = new RegExp(
  `[,\\s]*(?:\\b(?:at|for|@|a rate of|rate|priced at|price|costing)|@)(?: (?:a )?(?:rate|price)(?: of)?)?\\s*${CURRENCY}?\\s*(${NUMBER})(?!\\s?%)\\s*${CURRENCY}?\\s*(?:\\b(?:each|apiece|a piece|per (?:piece|unit|item|hour|kg|box|day)|/\\s?(?:unit|piece))\\b)?`,
  'u',
)
const LINE_DISCOUNT =
  /[,\s]*\b(?:with|at|less|minus)?\s*(?:a )?(\d+(?:\.\d+)?)\s?(?:%|percent|per cent)\s*(?:off|discount|rebate)?/

/** Reads "5 desks at 200 and 3 lamps" out of what is left of the sentence. */
export function readItemLines(sentence: Sentence): ReadLines {
  const { text } = sentence
  const marks = quantitiesIn(text)
  if (marks.length === 0)
    return { lines: [], before: spelledOpen(sentence, 0, text.length), after: null }
  const before = spelledOpen(sentence, 0, marks[0]!.start)
  let after: string | null = null
  const lines = marks.map((mark, index) => {
    const end = marks[index + 1]?.start ?? text.length
    const line = readLine(sentence, mark, end)
    if (line.tail) after = line.tail
    return line.line
  })
  return { lines, before, after }
}

interface Mark {
  /** Where the separator begins, and where the item's name begins. */
  start: number
  nameStart: number
  qty: number
  uom: string | null
}

function quantitiesIn(text: string): Mark[] {
  for (const pattern of [QUANTITY, ANYWHERE]) {
    const marks = [...text.matchAll(pattern)].flatMap((match) => {
      const qty = readNumber(match[2]!)
      if (qty === null || qty <= 0) return []
      const uom = match[3] ? (UNITS[match[3]] ?? null) : null
      return [{ start: match.index, nameStart: match.index + match[0].length, qty, uom }]
    })
    if (marks.length > 0) return marks
  }
  return []
}

function readLine(sentence: Sentence, mark: Mark, end: number) {
  let stop = end
  let open = sentence.text.slice(mark.nameStart, stop)
  const rate = RATE.exec(open)
  const discount = LINE_DISCOUNT.exec(open)
  const cuts = [rate, discount].filter((match) => match !== null).map(({ index }) => index)
  const taken = open.indexOf('\u0001')
  if (taken >= 0) cuts.push(taken)
  const cut = cuts.length > 0 ? Math.min(...cuts) : open.length
  const tailText = open.slice(cut)
  stop = mark.nameStart + cut
  open = open.slice(0, cut)
  const split = splitParty(sentence, mark.nameStart, stop)
  const later = tailText ? partyIn(blankOut(tailText, rate?.[0], discount?.[0])) : null
  const line = {
    asked: split.name,
    item_code: null,
    qty: mark.qty,
    uom: mark.uom,
    rate: rate ? readNumber(rate[1]!) : null,
    discount_percentage: discount ? Number(discount[1]) : null,
  }
  const laterStart = later ? sentence.text.indexOf(later, stop) : -1
  const tail = later ? sentence.spelled(laterStart, laterStart + later.length) : split.party
  return { line, tail }
}

/** "desks to Alder Works": the name, and who it is for. */
function splitParty(sentence: Sentence, start: number, end: number) {
  const text = sentence.text.slice(start, end)
  const match =
    /^(.+?)[,\s]+(?:to|for|from)\s+(?:the )?(?:customer|supplier|client|vendor)?\s*(.+)$/.exec(text)
  const clean = (spelled: string) =>
    spelled.replace(/^["'(\s]+|["')\s,.;!?]+$|\s+(?:and|with)$|,$/g, '').trim()
  if (!match) return { name: clean(sentence.spelled(start, end)), party: null }
  const nameEnd = start + match[1]!.length
  const partyStart = start + text.lastIndexOf(match[2]!)
  return {
    name: clean(sentence.spelled(start, nameEnd)),
    party: clean(sentence.spelled(partyStart, end).replace(/[\s,]+(?:and|with)$/i, '')),
  }
}

function partyIn(text: string): string | null {
  const match =
    /\b(?:to|for|from)\s+(?:the )?(?:customer |supplier |client |vendor )?([\p{L}\d][^\u0001,;]*)/u.exec(
      text,
    )
  return match ? match[1]!.replace(/[\s.!?]+$/, '') : null
}

function blankOut(text: string, ...parts: (string | undefined)[]): string {
  return parts.reduce((rest: string, part) => (part ? rest.replace(part, '\u0001') : rest), text)
}

/** The person's spelling of a stretch, without what was taken. */
function spelledOpen(sentence: Sentence, start: number, end: number): string {
  const open = sentence.text.slice(start, end)
  return [...open]
    .map((character, index) => (character === '\u0001' ? ' ' : sentence.original[start + index]!))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
}
