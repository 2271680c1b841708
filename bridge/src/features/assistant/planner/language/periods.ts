import type { Sentence } from './sentence.ts'
import { findDate, type Today } from './dates.ts'
import { addDays, monthEnd, move, unitOf, utc, type Period, type Unit } from './calendar.ts'

/** A period, or the fiscal year `fiscal` years away, which only the site can date. */
export type ReadPeriod = Period & { fiscal?: number }

/** Takes the first period out of the sentence: "this month", "since March", "last 30 days"... */
export function takePeriod(sentence: Sentence, today: Today): ReadPeriod | null {
  for (const [pattern, read] of PATTERNS) {
    const match = new RegExp(pattern, 'u').exec(sentence.text)
    const period = match && read(match, today)
    if (!match || !period) continue
    sentence.takeSpan(match.index, match.index + match[0].length)
    return period
  }
  return takeDatedPeriod(sentence, today)
}

const MONTHS =
  'january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec'
const LEAD = '(?:(?:in|for|during|of|over|within|from|on|due|by) )?(?:the )?'
const UNIT = '(day|week|month|quarter|year)'

type Read = (match: RegExpExecArray, today: Today) => ReadPeriod | null

const PATTERNS: [pattern: string, read: Read][] = [
  [
    `\\b${LEAD}(this|current|last|previous|next|coming)(?: whole)? (?:fiscal|financial) year\\b`,
    fiscal,
  ],
  [`\\b(?:year to date|ytd|so far this year)\\b`, (_, today) => toDate('year', today)],
  [`\\b(?:month to date|mtd|so far this month)\\b`, (_, today) => toDate('month', today)],
  [`\\b(?:quarter to date|qtd|so far this quarter)\\b`, (_, today) => toDate('quarter', today)],
  [`\\b${LEAD}(last|past|previous|next|coming|following) (\\d+) ${UNIT}s?\\b`, severalUnits],
  [`\\b${LEAD}(?:the )?${UNIT} before last\\b`, beforeLast],
  [`\\b(?:until|till|by|before) (?:the )?end of (this |the |next )?${UNIT}\\b`, untilEnd],
  [`\\bsince (?:the )?(?:beginning|start) of (?:the |this )?${UNIT}\\b`, sinceStart],
  [`\\b(?:since (this|last) ${UNIT}|from (this|last) ${UNIT} on)\\b`, sinceUnit],
  [`\\b${LEAD}(this|current|last|previous|past|next|coming) ${UNIT}(?:'s)?\\b`, oneUnit],
  [`\\b${LEAD}(today|yesterday|tomorrow)(?:'s)?\\b`, nearDay],
  [
    `\\b(?:more than|over|older than|at least) (\\d+) ${UNIT}s?(?: old| ago| overdue| late)?\\b`,
    older,
  ],
  [`\\b${LEAD}q([1-4])(?:[ /-]?(\\d{4}))?\\b`, quarter],
  [
    `\\b(?:from|between) (${MONTHS})(?: (\\d{4}))? (?:to|and|until|through) (${MONTHS})(?: (\\d{4}))?\\b`,
    monthSpan,
  ],
  [
    `\\b(since|from|after|before|until|till|in|for|during|of)? ?\\b(${MONTHS})\\.? (\\d{4})\\b`,
    month,
  ],
  [
    `\\b(since|from|after|before|until|till|in|for|during|of|last|this|next) (${MONTHS})\\b(?! \\d)`,
    month,
  ],
  [`\\b(since|from|after|before|until|till|in|for|during|of) (20\\d\\d)\\b(?!-)`, year],
]

function fiscal(match: RegExpExecArray): ReadPeriod {
  return { from: null, to: null, words: `${match[1]} fiscal year`, fiscal: offsetOf(match[1]!) }
}

function toDate(unit: Unit, today: Today): ReadPeriod {
  return { from: unitOf(unit, today.date).from, to: today.date, words: `this ${unit} so far` }
}

function severalUnits(match: RegExpExecArray, today: Today): ReadPeriod {
  const count = Number(match[2])
  const unit = match[3] as Unit
  const words = `${offsetOf(match[1]!) > 0 ? 'next' : 'last'} ${count} ${unit}${count === 1 ? '' : 's'}`
  if (offsetOf(match[1]!) > 0) {
    return { from: today.date, to: move(today.date, unit, count), words: `in the ${words}` }
  }
  return { from: move(today.date, unit, -count), to: today.date, words: `in the ${words}` }
}

function beforeLast(match: RegExpExecArray, today: Today): ReadPeriod {
  return { ...unitOf(match[1] as Unit, today.date, -2), words: `in the ${match[1]} before last` }
}

function untilEnd(match: RegExpExecArray, today: Today): ReadPeriod {
  const next = match[1]?.trim() === 'next'
  const { to } = unitOf(match[2] as Unit, today.date, next ? 1 : 0)
  return { from: null, to, words: `until ${to}` }
}

function sinceStart(match: RegExpExecArray, today: Today): ReadPeriod {
  const { from } = unitOf(match[1] as Unit, today.date)
  return { from, to: null, words: `since ${from}` }
}

function sinceUnit(match: RegExpExecArray, today: Today): ReadPeriod {
  const [, since, sinceUnitName, from, fromUnitName] = match
  const unit = (sinceUnitName ?? fromUnitName) as Unit
  const start = unitOf(unit, today.date, offsetOf((since ?? from)!)).from
  return { from: start, to: null, words: `since ${start}` }
}

function oneUnit(match: RegExpExecArray, today: Today): ReadPeriod {
  const offset = offsetOf(match[1]!)
  const words = `${['last', 'this', 'next'][offset + 1]} ${match[2]}`
  return { ...unitOf(match[2] as Unit, today.date, offset), words }
}

function nearDay(match: RegExpExecArray, today: Today): ReadPeriod {
  const offset = { yesterday: -1, today: 0, tomorrow: 1 }[match[1]!] ?? 0
  return { ...unitOf('day', today.date, offset), words: match[1]! }
}

function older(match: RegExpExecArray, today: Today): ReadPeriod {
  const to = addDays(move(today.date, match[2] as Unit, -Number(match[1])), -1)
  return { from: null, to, words: `more than ${match[1]} ${match[2]}s ago` }
}

function quarter(match: RegExpExecArray, today: Today): ReadPeriod {
  const inYear = match[2] ?? today.date.slice(0, 4)
  const first = `${inYear}-${String((Number(match[1]) - 1) * 3 + 1).padStart(2, '0')}-01`
  return { from: first, to: monthEnd(first, 2), words: `in Q${match[1]} ${inYear}` }
}

function monthSpan(match: RegExpExecArray, today: Today): ReadPeriod {
  const to = monthOf(match[3]!, match[4], today, '')
  const from = monthOf(match[1]!, match[2] ?? to.slice(0, 4), today, '')
  return { from, to: monthEnd(to), words: `from ${match[1]} to ${match[3]}` }
}

function month(match: RegExpExecArray, today: Today): ReadPeriod {
  const first = monthOf(match[2]!, match[3], today, match[1] ?? '')
  // "invoices from June" are of that month; "from June on" is longer.
  const isOnwards = /^ on(?:wards?)?\b/.test(match.input.slice(match.index + match[0].length))
  if (match[1] === 'from' && !isOnwards)
    return bounded('in', first, monthEnd(first), monthName(first))
  return bounded(match[1], first, monthEnd(first), monthName(first))
}

function year(match: RegExpExecArray): ReadPeriod {
  return bounded(match[1], `${match[2]}-01-01`, `${match[2]}-12-31`, match[2]!)
}

function bounded(lead: string | undefined, from: string, to: string, words: string): ReadPeriod {
  if (lead === 'since' || lead === 'from') return { from, to: null, words: `since ${words}` }
  if (lead === 'after') return { from: addDays(to, 1), to: null, words: `after ${words}` }
  if (lead === 'before') return { from: null, to: addDays(from, -1), words: `before ${words}` }
  if (lead === 'until' || lead === 'till') return { from: null, to, words: `until ${words}` }
  return { from, to, words: `in ${words}` }
}

/** First day of a named month; without a year the latest one that has begun, `next` the coming one. */
function monthOf(name: string, inYear: string | undefined, today: Today, lead: string): string {
  const index = NAMES.findIndex((full) => full.startsWith(name.slice(0, 3)))
  const now = utc(today.date)
  const begun = index <= now.getUTCMonth() && !(lead === 'last' && index === now.getUTCMonth())
  const implied = now.getUTCFullYear() - (begun ? 0 : 1) + (lead === 'next' ? 1 : 0)
  return `${inYear ?? implied}-${String(index + 1).padStart(2, '0')}-01`
}

const NAMES = MONTHS.split('|').slice(0, 12)

function monthName(first: string): string {
  const name = NAMES[Number(first.slice(5, 7)) - 1]!
  return `${name[0]!.toUpperCase()}${name.slice(1)} ${first.slice(0, 4)}`
}

function offsetOf(word: string): number {
  if (word === 'next' || word === 'coming' || word === 'following') return 1
  return word === 'this' || word === 'current' ? 0 : -1
}

/** "since 5 March", "before 2026-02-01", "between 1 May and 15 May", "on Monday". */
function takeDatedPeriod(sentence: Sentence, today: Today): ReadPeriod | null {
  const lead = /\b(since|after|before|until|till|by|on|from|between|as of)\b /.exec(sentence.text)
  if (!lead) return null
  const start = lead.index + lead[0].length
  const first = findDate(sentence.text.slice(start), today, lead[1] === 'by')
  if (!first || first.start > 4 || /^(?:the )?weekend/.test(sentence.text.slice(start))) return null
  let end = start + first.end
  if (lead[1] === 'between' || lead[1] === 'from') {
    if (first.until) {
      sentence.takeSpan(lead.index, end)
      return { from: first.date, to: first.until, words: `from ${first.date} to ${first.until}` }
    }
    const link = /^ (?:and|to|until|till) /.exec(sentence.text.slice(end))
    const second = link && findDate(sentence.text.slice(end + link[0].length), today, false)
    if (second && second.start < 5) {
      sentence.takeSpan(lead.index, end + link[0].length + second.end)
      return { from: first.date, to: second.date, words: `from ${first.date} to ${second.date}` }
    }
    end = start + first.end
  }
  sentence.takeSpan(lead.index, end)
  if (lead[1] === 'on') return { from: first.date, to: first.date, words: `on ${first.date}` }
  const side = lead[1] === 'by' || lead[1] === 'as of' ? 'until' : lead[1]
  return bounded(side, first.date, first.date, first.date)
}
