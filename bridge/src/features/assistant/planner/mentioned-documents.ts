import { doctypeOfSeries } from './knowledge/index.ts'
import type { PlannerTurn } from './planner-turn.ts'

export interface MentionedDocument {
  doctype: string
  name: string
  start: number
  end: number
}

/** Names such as `ACC-SINV-2026-00012`: letters, then at least two groups, digits at the end. */
const SERIES_NAME = /\b[a-z][a-z0-9]*(?:[-/][a-z0-9.]+)*[-/]\d{2,}(?:-\d+)?\b/gi

/** Documents named in a text by ERPNext's standard series. */
export function mentionedDocuments(text: string): MentionedDocument[] {
  return [...text.matchAll(SERIES_NAME)].flatMap((match) => {
    const name = match[0].toUpperCase()
    const doctype = doctypeOfSeries(name)
    if (!doctype) return []
    return [{ doctype, name, start: match.index, end: match.index + match[0].length }]
  })
}

/** Documents spoken of before, newest last; of `doctype` only when one is given. */
export function spokenOf(planner: PlannerTurn, doctype: string | null = null) {
  const { history, page } = planner.turn
  const last = history.findLast(({ role }) => role === 'assistant')
  const shown = last ? last.documents : []
  const remembered = planner.memory?.documents ?? []
  const earlier = history.flatMap((message) => message.documents)
  const open = page?.name ? [{ doctype: page.doctype, name: page.name, title: page.name }] : []
  const all = [...open, ...earlier, ...remembered, ...shown]
  return doctype ? all.filter((document) => document.doctype === doctype) : all
}

const ORDINALS: Record<string, number> = {
  first: 0,
  second: 1,
  third: 2,
  fourth: 3,
  fifth: 4,
  sixth: 5,
  seventh: 6,
  eighth: 7,
  ninth: 8,
  tenth: 9,
  last: -1,
}

/** "the second one", "number 3", "#2", "the last": its place, counted from 0, -1 the last. */
export function ordinalIn(text: string): number | null {
  const word =
    /\b(?:the )?(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)(?: one)?\b/i.exec(
      text,
    )
  if (word) return ORDINALS[word[1]!.toLowerCase()]!
  const number =
    /(?:\bnumber|\bno\.?|#|\boption|\bthe|^)\s*(\d{1,2})(?:st|nd|rd|th)?(?: one)?\W*$/i.exec(
      text.trim(),
    )
  return number ? Number(number[1]) - 1 : null
}

/** What "it", "this invoice", "the second one" stands for; null when nothing fits. */
export function pronounTarget(
  text: string,
  planner: PlannerTurn,
  doctype: string | null,
): { doctype: string; name: string } | null {
  const ordinal = ordinalIn(text)
  const rows = planner.memory?.documents ?? []
  if (ordinal !== null && rows.length > 0) return rows.at(ordinal) ?? null
  const made = planner.soFar.proposed.findLast((one) => !doctype || one.doctype === doctype)
  if (made) return { doctype: made.doctype, name: made.name }
  if (
    !/\b(?:it|its|this|that|these|them|this one|that one|the same|he|she|they|their|his|her)\b/i.test(
      text,
    )
  ) {
    return doctype ? (spokenOf(planner, doctype).at(-1) ?? null) : null
  }
  const page = planner.turn.page
  const isThis = /\bthis\b/i.test(text) && page?.name
  if (isThis && (!doctype || page.doctype === doctype)) {
    return { doctype: page.doctype, name: page.name! }
  }
  return spokenOf(planner, doctype).at(-1) ?? null
}
