import type { PlannerTurn } from './planner-turn.ts'
import { textAnswer, type Answer } from './reads/index.ts'

const HELP =
  /^\W*(?:help|help me|what can (?:you|i) (?:do|ask)(?: here| for me)?|how (?:do|can) (?:i|you) (?:use|help|work with) (?:you|this|steward|me)|who are you|what are you|what is this|what do you do|what is steward|how does (?:this|it) work|what (?:kind|sort) of .*(?:can|do) (?:you|i) .*|show me what you can do|can you help(?: me)?)\W*$/i
const GREETING =
  /^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings)(?: there| steward| again)?\W*$/i
const THANKS =
  /^\W*(?:ok |okay )?(?:thanks|thank you|thx|ty|cheers|great|perfect|nice|good job|well done|cool|awesome|bye|goodbye|see you)(?: (?:a lot|very much|so much|steward|you|then|later|job|that'?s all))*\W*$/i

/** Greetings, thanks and "what can you do". */
export async function smallTalk(text: string, _planner: PlannerTurn): Promise<Answer | null> {
  if (GREETING.test(text)) return textAnswer(`Hello. ${ABILITIES}`)
  if (THANKS.test(text)) return textAnswer('You are welcome.')
  return HELP.test(text) ? textAnswer(ABILITIES) : null
}

/** What a person can ask, in short. */
export const ABILITIES =
  'I work with the records in your ERPNext, under your own rights. You can ask me to:\n' +
  '- list, count, add up and rank documents ("unpaid invoices over 500 due this month")\n' +
  '- look things up: prices, stock, balances, phone numbers, the state of a document\n' +
  '- run reports ("profit and loss this year")\n' +
  '- prepare documents and changes ("quotation for 5 chairs to a customer, 10 % off"), submit, ' +
  'cancel or turn one document into another.\n' +
  'Before anything is saved you see what ERPNext would save, and you approve it.'
