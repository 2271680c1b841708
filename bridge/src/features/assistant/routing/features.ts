import { groupsOf, leadingWord } from './lexicon.ts'
import { fold } from './spelling.ts'
import type { Mention } from './vocabulary.ts'

/** Buckets the features are hashed into: 2^13. */
export const FEATURE_BITS = 13

/**
 * The features of a request as bucket numbers, each at most once: words, pairs of words, parts of
 * words of four letters, and what the site's own words were found in it. The training script and the
 * router both use exactly this.
 */
export function featuresOf(text: string, mentions: Mention[]): number[] {
  const words = normalisedWords(text)
  const found = new Set<number>()
  const add = (feature: string) => found.add(bucketOf(feature))
  words.forEach((word, index) => {
    add(`w ${word}`)
    add(`b ${words[index - 1] ?? '^'} ${word}`)
    if (index === 0) add(`f ${word}`)
    if (index < 2) add(`s ${word}`)
    for (const part of partsOf(word)) add(`c ${part}`)
  })
  const lead = leadingWord(words)
  add(`l ${lead}`)
  for (const group of groupsOf(lead)) add(`lead ${group}`)
  const groups = new Set(words.flatMap(groupsOf))
  for (const group of groups) {
    add(`group ${group}`)
    add(`group ${group}, ${mentions.length > 0 ? 'of the site' : 'elsewhere'}`)
    for (const kind of new Set(words.filter((word) => word === 'docid' || word === 'num'))) {
      add(`group ${group}, ${kind}`)
    }
  }
  if (groups.size === 0) add('no group')
  add(`e ${words.at(-1) ?? ''}`)
  for (const { kind, value } of mentions) {
    add(`k ${kind}`)
    add(`m ${value}`)
  }
  if (mentions.length === 0) add('nothing of the site')
  if (/\?\s*$/.test(text)) add('question mark')
  const forms = formsOf(text, mentions)
  for (const form of forms) add(`form ${form}`)
  for (const group of groups) for (const form of forms) add(`form ${form}, ${group}`)
  add(`length ${Math.min(6, Math.ceil(Math.log2(words.length + 1)))}`)
  return [...found]
}

const ASKS =
  /^\W*(?:what|which|who|whose|whom|when|where|how|why|is|are|was|were|do|does|did|has|have|any|anything)\b|\?\s*$/i
/** A quantity and what it is of. */
const LINE = /(?<![\w.,-])\d[\d.,]*x? +(?!%|percent|days?\b|weeks?\b|months?\b)[a-z]/i

/** How a request is built, whatever its words: what of a kind stands first, asks, counts, names. */
function formsOf(text: string, mentions: Mention[]): string[] {
  const first = mentions.find(({ kind }) => kind === 'doctype')
  const isFirst = first !== undefined && first.start < 14
  const isPlural = first !== undefined && /s$/i.test(text.slice(first.start, first.end))
  const bare = fold(text).replace(DOCUMENT_NAME, 'docid')
  return [
    ASKS.test(text) ? 'asks' : 'tells',
    ...(isFirst ? [isPlural ? 'begins with many' : 'begins with one'] : []),
    ...(isPlural ? ['many'] : []),
    ...(LINE.test(bare) ? ['line'] : []),
    ...(bare.includes('docid') ? ['document'] : []),
    ...(/\d\s?%|percent/.test(bare) ? ['percent'] : []),
  ]
}

const DOCUMENT_NAME = /\b[a-z]{2,}(?:-[a-z0-9]+)*-\d{4,}(?:-\d+)*\b/g

/** Document names and numbers count as what they are, not by their digits. */
function normalisedWords(text: string): string[] {
  const plain = fold(text)
    .replace(DOCUMENT_NAME, ' docid ')
    .replace(/\d[\d.,']*\s?%/g, ' percent ')
    .replace(/\d{4}-\d{2}-\d{2}/g, ' day ')
    .replace(/\d[\d.,']*(?:k|m)?\b/g, ' num ')
  return plain.match(/[\p{L}]+(?:'[a-z]+)?|percent|num/gu) ?? []
}

const PART = 4

function partsOf(word: string): string[] {
  const padded = `<${word}>`
  if (padded.length <= PART) return [padded]
  return Array.from({ length: padded.length - PART + 1 }, (_, i) => padded.slice(i, i + PART))
}

/** FNV-1a, folded to the number of buckets. */
function bucketOf(feature: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < feature.length; index++) {
    hash ^= feature.charCodeAt(index)
    hash = Math.imul(hash, 0x01000193)
  }
  return ((hash >>> FEATURE_BITS) ^ hash) & ((1 << FEATURE_BITS) - 1)
}
