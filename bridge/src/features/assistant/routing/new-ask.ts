import type { Mention } from './vocabulary.ts'

const POLITE =
  "(?:please |pls |can you |could you |would you |i want (?:you )?to |i'd like to |now |instead,? |rather,? |ok(?:ay)?,? |actually,? |wait,? |first,? )*"
const ASKING = new RegExp(
  `^\\W*${POLITE}(?:show|list|display|how (?:many|much|is|are)|what|which|who|when|where|why|is|are|do we|did we|create|make (?!it\\b)|draft|prepare|delete|submit|cancel (?=\\S+[- ]\\S)(?!it\\b|that\\b|this\\b)|find|give me|count|open (?!one)|record|invoice (?!it)|remind me|run|change|rename|mark|close|unpaid|overdue|help\\W*$)(?:\\b|(?<=\\s))`,
  'i',
)
const ABOUT_DOCUMENTS =
  /^\W*(?:(?:all|my|our|the|open|draft|latest|newest|pending|cancell?ed|submitted|paid|unpaid|overdue) )*$/i
const OF =
  /^\W*(?:of|for|from|by|to|over|under|this|last|today|due|in|on|since|between|with)\b|^\W*$/i
const ONE_OF_THEM = /^\W*(?:the|which) one\b/i

/**
 * True when a message asks for something of its own, so that it is no answer to an open question:
 * it begins with a verb or a question word, or with a kind of document and what is wanted of it.
 * `expected` are the doctypes that an answer may name.
 */
export function readsAsNewAsk(
  text: string,
  mentions: Mention[],
  expected: readonly string[] = [],
): boolean {
  if (ONE_OF_THEM.test(text)) return false
  if (ASKING.test(text)) return true
  const first = mentions.find(({ kind }) => kind === 'doctype')
  if (!first || first.value === null || expected.includes(first.value)) return false
  const isPlural = /s$/i.test(text.slice(first.start, first.end))
  const before = text.slice(0, first.start)
  const after = text.slice(first.end)
  if (!ABOUT_DOCUMENTS.test(before) || !OF.test(after)) return false
  return isPlural || after.trim() !== ''
}
