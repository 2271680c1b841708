import { z } from 'zod'
import type { RequestClass } from '../../../shared/assistant-protocol.ts'
import type { PastMessage } from '../brain.ts'

/** What the last answer was about, as its brain remembered it. */
export interface ConversationState {
  class: RequestClass
  /** A question to the person is open. */
  waiting: boolean
  /** DocTypes an answer to it may name. */
  waiting_for: string[]
}

const remembered = z.object({
  class: z.string(),
  waiting: z.boolean().optional(),
  waiting_for: z.array(z.string()).optional(),
})

export function conversationState(history: PastMessage[]): ConversationState | null {
  const last = history.findLast(({ role }) => role === 'assistant')
  const parsed = remembered.safeParse(last?.memory)
  if (!parsed.success) return null
  const { class: name, waiting = false, waiting_for = [] } = parsed.data
  return { class: name as RequestClass, waiting, waiting_for }
}

const FOLLOW_UP =
  /^\W*(?:(?:and|only|just|what about|how about|same|but|sort|order by|group by|filter|show only|per|by|for|in|of (?:those|these|them)|which of|make it|actually|no,|instead|with(?:out)? (?:\d|vat|tax|gst|no )|use .* instead|add \d|give (?:them|him|her|it) \d|change the [a-z ]+ to|set the [a-z ]+ to|the (?:first|second|third|last)|number \d|exclude|without|top \d+\W*$|over|under|above|below|more than|less than|at least|at most|between|since|the (?:overdue|unpaid|open|paid|draft) ones|the ones|those (?:ones )?(?:over|above|under|below|from|of|in|for|with))\b|(?:and )?(?:the total|what(?:'s| is) the total|in total|total)\W*$|how many(?: are there| of (?:them|those))?\W*$|\d+\W*$)/i
const DOCUMENT_NAME = /\b[a-z]{2,}(?:-[a-z0-9]+)*-\d{4,}(?:-\d+)*\b/i
const OWN_VERB = /\b(?:create|delete|submit|cancel|rename|update)\b/i

/** Puts a proposed change differently: "leave out …", "also put … on it", "with 5 % off". */
const PUT_DIFFERENTLY =
  /^\W*(?:and |but |also |then |sorry,? |no,? |wait,? |please )*(?:make (?:it|that)|give (?:them|him|her|it|\d)|without|with(?:out)? |use |take |remove the |drop the |change (?:the|its|their) |set the |put \d|add \d|throw in|at \d|for [\p{Lu}])/u

/** "only the overdue ones", "and last month?", "make it 20": no request of its own. */
export function isFollowUp(text: string, before: RequestClass): boolean {
  const isChange = before === 'create' || before === 'update'
  const follows = FOLLOW_UP.test(text) || (isChange && PUT_DIFFERENTLY.test(text))
  return follows && !OWN_VERB.test(text) && !DOCUMENT_NAME.test(text)
}
