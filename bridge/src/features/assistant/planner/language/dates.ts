import * as chrono from 'chrono-node'
import type { Sentence } from './sentence.ts'
import { addMonths, iso, monthEnd, move, unitOf, type Unit } from './calendar.ts'

/** How the person's site writes dates and what day it is there. */
export interface Today {
  /** Site-local, `YYYY-MM-DD`. */
  date: string
  /** `dd-mm-yyyy` and the like put the day first. */
  dayFirst: boolean
}

/** Reads one date out of `text`, looking forward from today (a due date, a delivery date). */
export function readDate(text: string, today: Today, forward = true): string | null {
  return ownWording(text, today) ?? findDate(text, today, forward)?.date ?? null
}

/** The first date in `text` with its place. */
export function findDate(text: string, today: Today, forward: boolean): FoundDate | null {
  const exact = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text)
  if (exact) return { date: exact[0], until: null, start: exact.index, end: exact.index + 10 }
  const nth = /^(?:the )?(\d{1,2})(?:st|nd|rd|th)\b(?! (?:of )?[a-z]{3})/.exec(text)
  if (nth) return dayOfMonth(Number(nth[1]), today, forward, nth[0].length)
  const parser = today.dayFirst ? chrono.en.GB : chrono.en.casual
  const reference = { instant: new Date(`${today.date}T12:00:00Z`), timezone: 0 }
  const found = parser
    .parse(text, reference, { forwardDate: forward })
    .find((hit) => hit.start.isCertain('day') || hit.start.isCertain('weekday') || isRelative(hit))
  if (!found) return null
  return {
    date: dayOf(found.start, today, forward),
    until: found.end ? dayOf(found.end, today, forward) : null,
    start: found.index,
    end: found.index + found.text.length,
  }
}

interface FoundDate {
  date: string
  /** Second day of a range such as "5 March to 10 April". */
  until: string | null
  start: number
  end: number
}

/** Looking back, a day without a year is the latest one that has been. */
function dayOf(parts: chrono.ParsedComponents, today: Today, forward: boolean): string {
  const day = iso(
    new Date(Date.UTC(parts.get('year')!, parts.get('month')! - 1, parts.get('day')!)),
  )
  const guessed = !parts.isCertain('year') && parts.isCertain('month')
  return !forward && guessed && day > today.date ? addMonths(day, -12) : day
}

function dayOfMonth(day: number, today: Today, forward: boolean, end: number): FoundDate | null {
  if (day < 1 || day > 31) return null
  const sameMonth = `${today.date.slice(0, 8)}${String(day).padStart(2, '0')}`
  const shift = forward && sameMonth < today.date ? 1 : !forward && sameMonth > today.date ? -1 : 0
  return { date: shift ? addMonths(sameMonth, shift) : sameMonth, until: null, start: 0, end }
}

/** Takes a date that follows `lead` (a regular expression source) out of the sentence. */
export function takeDateAfter(sentence: Sentence, lead: string, today: Today): string | null {
  const match = new RegExp(`\\b(?:${lead})\\b\\s*`).exec(sentence.text)
  if (!match) return null
  const after = match.index + match[0].length
  const tail = sentence.text.slice(after)
  const own = OWN_WORDING.exec(tail)
  if (own && own.index === 0) {
    sentence.takeSpan(match.index, after + own[0].length)
    return ownWording(own[0], today)
  }
  const found = findDate(tail, today, true)
  if (!found || found.start > LEAD_GAP) return null
  sentence.takeSpan(match.index, after + found.end)
  return found.date
}

/** "on or before the 5th": a few words may stand between the lead and the date. */
const LEAD_GAP = 5

const OWN_WORDING =
  /^(?:the )?(?:end of (?:the |this |next )?(week|month|quarter|year)|(?:in )?(\d+) (day|week|month)s?(?: from (?:now|today))?|(next) (week|month|quarter|year))(?![\w-])/

function ownWording(text: string, today: Today): string | null {
  const match = OWN_WORDING.exec(text.trim().toLowerCase())
  if (!match) return null
  if (match[1]) {
    const offset = /\bend of next\b/.test(match[0]) ? 1 : 0
    return unitOf(match[1] as Unit, today.date, offset).to
  }
  if (match[2]) return move(today.date, match[3] as Unit, Number(match[2]))
  if (match[5] === 'month') return addMonths(today.date, 1)
  return match[5] ? move(today.date, match[5] as Unit, 1) : monthEnd(today.date)
}

function isRelative(hit: chrono.ParsedResult): boolean {
  return /\b(?:today|tomorrow|yesterday|days?|weeks?|tonight|noon)\b/i.test(hit.text)
}
