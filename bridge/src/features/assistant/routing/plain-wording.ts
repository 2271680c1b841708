import { FIGURES } from './plain-figures.ts'
import { QUESTIONS } from './plain-questions.ts'
import { REWRITES } from './plain-rewrites.ts'

/**
 * A roundabout way of putting a request, said plainly: without its courtesies, in the active voice,
 * and with the verb that the router was trained on and the planner's readers know. Names and values
 * keep the person's spelling; what is no such wording comes back as it was.
 */
export function inPlainWords(text: string): string {
  const asked = withoutCourtesy(text)
  if (FREE_TEXT.test(asked)) return asked
  const plainly = (said: string, [pattern, plain]: (typeof REWRITES)[number]) =>
    said.replace(pattern, plain)
  return [...REWRITES, ...QUESTIONS, ...FIGURES]
    .reduce(plainly, asked)
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** The words of a to-do or a note are the person's own, whatever they say. */
const FREE_TEXT =
  /\b(?:remind(?! me (?:what|which|who|when|where|how)\b)|reminder|todo|to-do|to do|task|note that|subject|called|named)\b/i

const COURTESY = new RegExp(
  `^\\W*(?:${[
    '(?:please|pls|kindly|hi|hello|hey|good (?:morning|day|afternoon|evening)|morning|afternoon|evening|dear [a-z]+)(?: there| steward| all| team)?[,!.]? (?=\\S+ )',
    '(?:could|can|would|will) you(?! mind)(?: please| kindly| possibly| just| maybe)*,? ',
    '(?:would|do) you mind ',
    '(?:would it be|is it) possible to ',
    "(?:i|we)(?:'d| would) (?:like|love|prefer)(?: you| it if you could)?(?: to)? (?=(?!\\d)[a-z]+ )",
    '(?:i|we) (?:want|wish|need|have|ought)(?: you)? to ',
    "(?:i|we)(?:'d| would) appreciate it if you (?:could |would )?",
    'it would be (?:nice|great|good|helpful) (?:if you (?:could|would)|to) ',
    'be so (?:kind|good)(?: as)? to ',
    '(?:i was|i am|was) (?:hoping|wondering) (?:if |whether )?you (?:could|would|can) ',
    '(?:go ahead and|time to|we should|we must|we had better|make sure to) ',
  ].join('|')})+`,
  'i',
)
const THANKS =
  /(?:,? (?:please|pls|thanks(?: a lot)?|thank you|thx|if you (?:can|could|would|please|may)|(?:would|will|could|can) you|asap|right away|at once|straight away|when you (?:have|get) (?:a )?(?:moment|minute|chance|second)))+\s*(?=[.!?]*$)/i

function withoutCourtesy(text: string): string {
  const bare = text.replace(COURTESY, '').replace(THANKS, '')
  if (!/[\p{L}\d]/u.test(bare)) return text
  return bare.replace(GERUND, (_, verb: string) => BASES[verb.toLowerCase()] ?? verb)
}

/** "would you mind cancelling …" */
const BASES: Record<string, string> = {
  ...{ cancelling: 'cancel', canceling: 'cancel', submitting: 'submit', deleting: 'delete' },
  ...{ creating: 'create', making: 'make', changing: 'change', setting: 'set', moving: 'move' },
  ...{
    adding: 'add',
    removing: 'remove',
    preparing: 'prepare',
    drafting: 'draft',
    sending: 'send',
  },
  ...{ showing: 'show', listing: 'list', telling: 'tell', giving: 'give', raising: 'raise' },
  ...{ updating: 'update', renaming: 'rename', putting: 'put', issuing: 'issue' },
}
const GERUND = new RegExp(`^(${Object.keys(BASES).join('|')})\\b`, 'i')
