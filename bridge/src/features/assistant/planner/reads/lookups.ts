import { mentionedDocuments, ordinalIn, pronounTarget } from '../mentioned-documents.ts'
import { Sentence } from '../language/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { Answer } from './answer.ts'
import { documentAnswer, fieldAnswer } from './document-answer.ts'
import { balanceAnswer } from './balance-answer.ts'
import { contactAnswer } from './contact-answer.ts'
import { leftovers, takeOpening } from './opening-words.ts'
import { priceAnswer, stockAnswer } from './item-answers.ts'

const CHANGES =
  /^\W*(?:please |can you )*(?:change|set|update|create|make|delete|cancel|submit|record|add|rename)\b/i

/** Questions about one thing: a price, stock, a balance, a telephone number, one document. */
export async function answerLookup(text: string, planner: PlannerTurn): Promise<Answer | null> {
  if (CHANGES.test(text)) return null
  return (
    (await namedDocument(text, planner)) ??
    (await balanceAnswer(text, planner)) ??
    (await stockAnswer(text, planner)) ??
    (await priceAnswer(text, planner)) ??
    (await contactAnswer(text, planner)) ??
    (await shownAgain(text, planner))
  )
}

/** "status of SAL-ORD-…", "show ACC-SINV-…", "when is it due". */
async function namedDocument(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const [mention] = mentionedDocuments(text)
  if (!mention) return null
  const sentence = new Sentence(text)
  sentence.takeSpan(mention.start, mention.end)
  takeOpening(sentence)
  const field = await fieldAnswer(sentence, mention, planner)
  if (field) return field
  // "what if we cancelled SAL-…": about it, but not to see it.
  const isOther =
    planner.turn.fallback &&
    (leftovers(sentence).some(({ text }) => !SHOWN.test(text)) || WONDERS.test(text))
  return isOther ? null : documentAnswer(mention, planner)
}

const SHOWN = /^(?:open|view|read|see|details?|pull|summary|overview|document)(?: up)?$/i
const WONDERS = /\b(?:if|would|why|how come|should)\b/i

const SHOW =
  /^\W*(?:please |and |ok,? |now )*(?:show|open|see|view|display|details? (?:of|on|about)|more (?:on|about)|tell me (?:more )?about|what about|read)?\b.*\b(?:it|this|that|(?:first|second|third|fourth|fifth|last|latest)(?: one)?|this one|that one|number \d+)\b\W*$/i
const FIELD_OF = /\b(?:its?|this|that|their|his|her|it's)\b/i

/** "what is the total?" right after a document. */
const ITS_FIELD =
  /^\W*(?:and |ok |so )?(?:what(?:'s| is| was)|when(?:'s| is| was)|who(?:'s| is| was)) the [a-z]+(?: [a-z]+)?\W*$/i

async function shownAgain(text: string, planner: PlannerTurn): Promise<Answer | null> {
  // After a list of several "that" is none of them.
  const isOneOfMany = (planner.memory?.documents?.length ?? 0) > 1 && !planner.turn.page?.name
  if (text.split(/\s+/).length > 9 || (isOneOfMany && ordinalIn(text) === null)) return null
  if (SHOW.test(text)) {
    const target = pronounTarget(text, planner, null)
    if (target) {
      const field = await fieldAnswer(new Sentence(text), target, planner)
      return field ?? documentAnswer(target, planner)
    }
  }
  const { page } = planner.turn
  if (page?.name && text.split(/\s+/).length <= 3) {
    const open = { doctype: page.doctype, name: page.name }
    const field = await fieldAnswer(new Sentence(text), open, planner)
    if (field) return field
  }
  if (ITS_FIELD.test(text)) {
    const target = pronounTarget('it', planner, null)
    const field = target && (await fieldAnswer(new Sentence(text), target, planner))
    if (field) return field
  }
  if (!FIELD_OF.test(text)) return null
  const target = pronounTarget(text, planner, null)
  return target ? fieldAnswer(new Sentence(text), target, planner) : null
}
