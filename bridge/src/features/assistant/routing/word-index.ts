import { isSlipOf } from './spelling.ts'

/** Finds the known word a mistyped one stands for. */
export interface WordIndex {
  /** The word itself when known, the nearest one within the allowed slips, else null. */
  closest(word: string): string | null
}

/** Words by their trigrams, so that only a handful need an edit distance. */
export function createWordIndex(words: string[]): WordIndex {
  const known = new Set(words)
  const byTrigram = new Map<string, string[]>()
  for (const word of known) {
    for (const trigram of new Set(trigramsOf(word))) {
      const list = byTrigram.get(trigram)
      if (list) list.push(word)
      else byTrigram.set(trigram, [word])
    }
  }
  const remembered = new Map<string, string | null>()
  return {
    closest(word) {
      if (known.has(word)) return word
      if (word.length < 5 || COMMON.has(word)) return null
      const before = remembered.get(word)
      if (before !== undefined) return before
      const answer = nearest(word, byTrigram)
      if (remembered.size > REMEMBERED_AT_MOST) remembered.clear()
      remembered.set(word, answer)
      return answer
    },
  }
}

const REMEMBERED_AT_MOST = 5000

function nearest(word: string, byTrigram: Map<string, string[]>): string | null {
  const shared = new Map<string, number>()
  for (const trigram of new Set(trigramsOf(word))) {
    for (const candidate of byTrigram.get(trigram) ?? []) {
      shared.set(candidate, (shared.get(candidate) ?? 0) + 1)
    }
  }
  const ranked = [...shared].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 12)
  return (
    ranked.find(([candidate]) => candidate.length > 3 && isSlipOf(word, candidate))?.[0] ?? null
  )
}

function trigramsOf(word: string): string[] {
  const padded = `^${word}$`
  return Array.from({ length: Math.max(1, padded.length - 2) }, (_, i) => padded.slice(i, i + 3))
}

/** Plain English words that lie within a slip of a document's name. */
const COMMON = new Set(
  (
    'about above after again against all also always among another any anything around because been ' +
    'before being below between both could does doing done down during each ever every everything ' +
    'first found from give given have having hello help here highest into just keep know large last ' +
    'later least less like list long look lost made make many might more most much must need never ' +
    'next nothing now only open other over overdue please quite rather really right same second ' +
    'seven shall should show since small some someone something soon still such sure take tell than ' +
    'thank thanks that their them then there these they thing think this those three through today ' +
    'together under unpaid until using very want week well were what when where which while whose ' +
    'will with within without word work would year your yours quit quiet quota noted noting late ' +
    'lease leads teams term terms price priced paid sold bought order ordered stock store count ' +
    'total month months monthly sales sale report reports weather letter leaf wrote write ' +
    'matter master latter better letters brand grand border older odder user used uses'
  ).split(' '),
)
