import type { SiteWords } from '../../../shared/site-protocol.ts'
import { EVERYDAY_WORDS } from './everyday-words.ts'
import { fold, singular, wordsOf } from './spelling.ts'
import { createWordIndex, type WordIndex } from './word-index.ts'

export type MentionKind = 'doctype' | 'report' | 'name'

/** A place in a text that names something of the site. */
export interface Mention {
  kind: MentionKind
  /** DocType, report name or document name. */
  value: string
  /** DocType of a document name. */
  doctype: string | null
  start: number
  end: number
  /** False when a typing slip was overlooked. */
  exact: boolean
}

/** Finds the site's own words in a text. */
export interface Vocabulary {
  readonly version: string
  /** Left to right, not overlapping, longest first. */
  mentions(text: string): Mention[]
  /** The doctypes of the site, by name. */
  has(doctype: string): boolean
  label(doctype: string): string
}

export type Meaning = Pick<Mention, 'kind' | 'value' | 'doctype'>

export function createVocabulary(words: SiteWords): Vocabulary {
  const phrases = new Map<string, Meaning>()
  const labels = new Map(words.doctypes.map((entry) => [entry.doctype, entry.label]))
  const isKnown = (doctype: string) => labels.size === 0 || labels.has(doctype)
  const add = (text: string, meaning: Meaning) => {
    const key = phraseKey(text)
    if (key && !phrases.has(key)) phrases.set(key, meaning)
  }
  for (const [doctype, synonyms] of Object.entries(EVERYDAY_WORDS)) {
    if (!isKnown(doctype)) continue
    for (const text of synonyms) add(text, { kind: 'doctype', value: doctype, doctype })
  }
  for (const { doctype, label } of words.doctypes) {
    for (const text of [doctype, label]) add(text, { kind: 'doctype', value: doctype, doctype })
  }
  for (const { name, label, ref_doctype } of words.reports) {
    for (const text of [name, label])
      add(text, { kind: 'report', value: name, doctype: ref_doctype })
  }
  return {
    version: words.version,
    mentions: phraseFinder(phrases, true),
    has: (doctype) => isKnown(doctype),
    label: (doctype) => labels.get(doctype) ?? doctype,
  }
}

/** Finds the phrases in a text; a slip in a word is overlooked only when `forgiving`. */
export function phraseFinder(
  phrases: Map<string, Meaning>,
  forgiving: boolean,
): (text: string) => Mention[] {
  const lengths = [...phrases.keys()].map((key) => key.split(' ').length)
  const words = forgiving ? [...phrases.keys()].flatMap((key) => key.split(' ')) : []
  const index = createWordIndex(words)
  const longest = lengths.reduce((most, length) => Math.max(most, Math.min(8, length)), 1)
  return (text) => findMentions(text, phrases, index, longest)
}

interface Token {
  word: string
  start: number
  end: number
}

function findMentions(
  text: string,
  phrases: Map<string, Meaning>,
  index: WordIndex,
  longest: number,
): Mention[] {
  const tokens = tokensOf(text)
  const typed = tokens.map(({ word }) => word)
  const meant = typed.map((word) => index.closest(word) ?? word)
  const found: Mention[] = []
  for (let at = 0; at < tokens.length;) {
    const hit = longestAt(at, tokens, typed, meant, phrases, longest)
    if (hit) found.push(hit.mention)
    at += hit?.length ?? 1
  }
  return found
}

function longestAt(
  at: number,
  tokens: Token[],
  typed: string[],
  meant: string[],
  phrases: Map<string, Meaning>,
  longest: number,
): { mention: Mention; length: number } | null {
  for (let length = Math.min(longest, tokens.length - at); length > 0; length--) {
    const exact = phrases.get(typed.slice(at, at + length).join(' '))
    const meaning = exact ?? phrases.get(meant.slice(at, at + length).join(' '))
    if (!meaning) continue
    const { start } = tokens[at]!
    const { end } = tokens[at + length - 1]!
    return { mention: { ...meaning, start, end, exact: exact !== undefined }, length }
  }
  return null
}

/** Words inside a document's name mean nothing by themselves. */
const DOCUMENT_NAME = /\b[a-z]{2,}(?:-[a-z0-9]+)*-\d{4,}(?:-\d+)*\b/g

function tokensOf(text: string): Token[] {
  const plain = fold(text).replace(DOCUMENT_NAME, (name) => ' '.repeat(name.length))
  return [...plain.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({
    word: singular(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }))
}

export function phraseKey(text: string): string {
  return wordsOf(text).join(' ')
}
