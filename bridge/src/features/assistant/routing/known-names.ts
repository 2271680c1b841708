import type { KnownName } from '../ports.ts'
import { isBusinessWord } from './lexicon.ts'
import { phraseFinder, phraseKey, type Meaning, type Mention } from './vocabulary.ts'

/** Finds parties and items in a text, by whole names or by how their names begin. */
export type NameFinder = (text: string) => Mention[]

/** `names` are only ever ones that the asking person's own session could list. */
export function createNameFinder(names: readonly KnownName[]): NameFinder {
  const phrases = new Map<string, Meaning>()
  const add = (text: string, { doctype, name }: KnownName) => {
    const key = phraseKey(text)
    if (key.length > 2 && !phrases.has(key))
      phrases.set(key, { kind: 'name', value: name, doctype })
  }
  for (const known of names) for (const text of [known.name, known.title]) add(text, known)
  for (const known of names) if (known.doctype !== 'Item') addBeginnings(known, add)
  // Thousands of names: a mistyped one is still found by searching when it comes to it.
  return phraseFinder(phrases, false)
}

/** People say "Cedar Hill" or "Pemberton" for short. */
function addBeginnings(known: KnownName, add: (text: string, known: KnownName) => void): void {
  const words = known.title.split(/\s+/)
  for (let length = words.length - 1; length > 1; length--)
    add(words.slice(0, length).join(' '), known)
  const [first = ''] = words
  if (first.length > 4 && !isBusinessWord(first.toLowerCase())) add(first, known)
}

const BEFORE =
  "(?:(?:so|and|ok(?:ay)?|hey|please)[ ,]+)*(?:how(?:'s| is| are| do| does)|what(?:'s| is)(?: up with| new with| going on with| the (?:status|situation|story|state) (?:of|with|at))?|what do we know about|tell me(?: more| something| everything)? about|who(?:'s| is| are)|what about|how about|(?:any )?(?:info|information|details|news|updates?|anything|everything|all) (?:on|about|for|of|from)|look up|(?:an |the )?(?:overview|summary) of|show(?: me)?|find|open|get)?"
const AFTER =
  '(?: doing| going| performing| looking| standing| with us| these days| lately| at the moment| right now| currently| this (?:month|year|week|quarter)| please| overview| summary)*'
const ABOUT_A_NAME = new RegExp(
  `^\\W*${BEFORE}\\s*(?:the |our )?(?:customer |supplier |client |vendor |item )?\\u0001+${AFTER}\\W*$`,
  'i',
)

/** "Cedar Hill School", "how is Cedar Hill doing": nothing but a name and what surrounds it. */
export function asksAboutName(text: string, [name, ...others]: Mention[]): boolean {
  if (!name || others.length > 0) return false
  return ABOUT_A_NAME.test(`${text.slice(0, name.start)}\u0001${text.slice(name.end)}`)
}

const NAME_IN_IT = new RegExp(
  `^\\W*${BEFORE}\\s*(?:the |our )?(?<type>customer |supplier |client |vendor |item )?(?<name>[\\p{L}\\d][\\p{L}\\d&.,'’/() -]*?)${AFTER}[\\s?!.]*$`,
  'iu',
)
const NO_NAME =
  /^(?:you|it|this|that|these|those|we|they|he|she|i|me|us|them|things?|everything|everyone|anything|nothing|something|all|business|life|help|stop|yes|no|ok(?:ay)?|thanks|the (?:thing|same|other|first|second|last|usual)|how|why|when)\b/i
const MOST_WORDS = 6

/** The words that would be the name if that is all a text is about; null when it is longer. */
export function nameAskedAbout(text: string): { name: string; type: string | null } | null {
  const groups = NAME_IN_IT.exec(text)?.groups
  const name = groups?.name?.trim()
  if (!name || NO_NAME.test(name) || name.length < 3 || name.split(/\s+/).length > MOST_WORDS)
    return null
  return { name, type: groups!.type?.trim().toLowerCase() ?? null }
}
