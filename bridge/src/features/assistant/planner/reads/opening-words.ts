import type { Sentence } from '../language/index.ts'

const POLITE =
  /^[\s,.!]*(?:please|pls|plz|hey|hi|hello|ok|okay|so|now|also|then|and|just|steward|kindly|quickly|well)\b[\s,!:]*/

const ASKING = new RegExp(
  "^\\s*(?:(?:can|could|would|will) you(?: please)?|i(?: would|'d)? (?:want|need|like)(?: you)?(?: to)?(?: see| know| have)?|" +
    "let me (?:see|know|have)|let's (?:see|have)|do (?:we|you|i) have|have we(?: got)?|are there|is there|there are|" +
    'tell me|show(?: me)?(?: all)?|list(?: out)?(?: all)?|give(?: me)?|get(?: me)?|display|pull up|find(?: me)?|fetch|look up|open(?: up)?(?= (?:the|my|all|customer|supplier|item))|' +
    "what(?:'s| is| are| were| was)?|which(?: of)?|who(?:'s| is| are)?|whats|print|see|view|check|report(?: on)?|" +
    'rank(?: all)?|pull(?: up| out)?(?= )|bring (?:up|me)|dig (?:up|out)|gimme|get (?:me|us)|may i (?:see|have)|(?:could|can) (?:i|we) (?:see|have|get)|any|a list of|list of|the list of|an overview of|overview of|i am looking for|looking for)\\b[\\s,:]*',
)

/** Takes "please show me", "what are the" and the like off the front. */
export function takeOpening(sentence: Sentence): void {
  for (let round = 0; round < 5; round++) {
    const pattern = [POLITE, ASKING].find((candidate) => candidate.test(openText(sentence)))
    if (!pattern) return
    const offset = sentence.text.length - openText(sentence).length
    const length = pattern.exec(openText(sentence))![0].length
    sentence.takeSpan(offset, offset + length)
  }
}

function openText(sentence: Sentence): string {
  return sentence.text.replace(/^\u0001+/, '')
}

/** Words that carry nothing once the rest is understood. */
const FILLER = new Set(
  (
    'anything everything something dated moment belong belongs belonging located based situated territory region place places display all a an the of for from to by with in on at and or is are was were be been being do does did have has ' +
    'had we us our ours i my me you your they them their it its that which who whom whose what when ' +
    'where there here all any each every some both please pls thanks thank as than then so still ' +
    'yet currently now right already just only also too again more most much many how show list give ' +
    'get tell find see view currently altogether overall together out up made make created placed ' +
    'raised issued send sent give given received got having come came came total sum amount amounts value values ' +
    'number count record records document documents entry entries ones one status state data info ' +
    'information details list table money far ever same this these those every not yet within ' +
    'between during over under new existing per s t re ve don doesn haven hasn isn aren time times ' +
    'contain contains containing include includes including company business system erp erpnext database books sorted ordered sort order about into ' +
    'went book booked expect expected check checking quick record place entered enter sitting leave write wrote written carry keep kept hold held agree agreed agreeing urgent rundown worth gimme size taken sum whole range apart whatever far-off single individual respectively ' +
    'must should would could can will shall need needs want wants like know let if whether'
  ).split(' '),
)

export interface Leftover {
  text: string
  /** The preposition in front of it, if any: "of", "for", "to", "from", "by", "in"... */
  lead: string | null
  start: number
  end: number
}

/** What nobody understood, without filler at the edges. */
export function leftovers(sentence: Sentence): Leftover[] {
  return sentence.rest().flatMap(({ text, start }) => leftoverOf(text, start))
}

function leftoverOf(text: string, start: number): Leftover[] {
  const words = [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}&.'’/_-]*[\p{L}\p{N}]|[\p{L}\p{N}]/gu)]
  let first = 0
  let last = words.length - 1
  let lead: string | null = null
  while (first <= last && isFiller(words[first]![0])) {
    const word = words[first]![0].toLowerCase()
    if (LEADS.has(word)) lead = word
    first++
  }
  while (last >= first && isFiller(words[last]![0])) last--
  if (first > last) return []
  const from = words[first]!.index
  const to = words[last]!.index + words[last]![0].length
  const kept = text.slice(from, to).replace(/['’]s$/, '')
  return kept ? [{ text: kept, lead, start: start + from, end: start + from + kept.length }] : []
}

const LEADS = new Set('of for from to by with in at on about'.split(' '))

function isFiller(word: string): boolean {
  return FILLER.has(word.toLowerCase().replace(/['’]s$/, ''))
}
