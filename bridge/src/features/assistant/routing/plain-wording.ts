/**
 * A roundabout way of putting a request, said plainly: without its courtesies, in the active voice,
 * and with the verb that the router was trained on and the planner's readers know. Names and values
 * keep the person's spelling; what is no such wording comes back as it was.
 */
export function inPlainWords(text: string): string {
  const asked = withoutCourtesy(text)
  if (FREE_TEXT.test(asked)) return asked
  return REWRITES.reduce((said, [pattern, plain]) => said.replace(pattern, plain), asked)
}

/** The words of a to-do or a note are the person's own, whatever they say. */
const FREE_TEXT = /\b(?:remind|reminder|todo|to-do|to do|task|note that|subject|called|named)\b/i

const COURTESY = new RegExp(
  `^\\W*(?:${[
    '(?:please|pls|kindly|hi|hello|hey)(?: there| steward)?,? (?=\\S+ )',
    '(?:could|can|would|will) you(?: please| kindly| possibly| just| maybe)*,? ',
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

const ID = '[a-z]+(?:-[a-z0-9]+)*-\\d{2,}(?:-\\d+)*'
const KIND = '(?:order|quotation|quote|offer|invoice|bill|delivery note|document|payment|one)'
const DOCUMENT = `(?:(?:(?:the |our |this |that )?(?:sales |purchase )?${KIND} )?${ID}|it|this|that|(?:the|this|that) (?:last |latest |newest )?(?:draft |sales |purchase )?${KIND})`
const AMOUNT = '[$€£]?\\d[\\d.,]*(?: ?[km]\\b)?(?: (?:usd|eur|gbp|dollars|euros))?'
const NUMBER =
  '(?:\\d[\\d.,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen|twenty)'
const MUST =
  "(?:should|must|shall|needs? to|has to|have to|ought to|is to|is supposed to|'s supposed to)(?: now| also| rather| actually)?"
const ASKING = '(?!(?:which|what|who|how|when|where|why|is|are|do|does|show|list|find|all)\\b)'

/** "have it submitted", "SAL-… needs to be cancelled": who acts is left open, what is done is not. */
const DONE: [participle: string, verb: string][] = [
  ['submitted|finali[sz]ed|posted|approved', 'submit'],
  ['cancell?ed|voided|annulled', 'cancel'],
  ['deleted|erased|thrown away', 'delete'],
  ['amended', 'amend'],
  ['invoiced|billed', 'invoice'],
  ['delivered|shipped', 'deliver'],
  ['received', 'receive'],
  ['returned|sent back|refunded|credited', 'return'],
  ['closed|completed|ticked off', 'close'],
  ['disabled|blocked|deactivated', 'disable'],
  ['enabled|unblocked|reactivated', 'enable'],
]

const REWRITES: [pattern: RegExp, plain: string][] = [
  // Passive voice.
  ...DONE.flatMap(([participle, verb]): [RegExp, string][] => [
    [re(`^(?:have|get) (.+?) (?:${participle})\\W*$`), `${verb} $1`],
    [re(`^${ASKING}(.+?)(?<!that|which) ${MUST} be (?:${participle})\\W*$`), `${verb} $1`],
  ]),
  [
    re(
      `^${ASKING}(?:the )?([a-z' -]+?) (?:of|on|for|in) (.+?) ${MUST} (?:be|become|read|say)(?: (?:changed|set|moved|raised|lowered|increased|reduced|switched|postponed|put) to)? (.+)$`,
    ),
    'change the $1 of $2 to $3',
  ],
  [
    re(`^${ASKING}(.+?)'s ([a-z -]+?) ${MUST} (?:be|become|read)(?: set to)? (.+)$`),
    "change $1's $2 to $3",
  ],
  // What a proposal should have said.
  [
    re(
      `^(?:(?:no|nope|nah|sorry|wait|hmm|oh|oops|actually|on second thoughts?|hold on|rather|better|or)[,.! -]+)+(?:(?:rather|better|take|say|let's (?:say|do)|i meant?|it should be|make (?:it|that)) )*(${NUMBER})(?: (?:of (?:them|those)|pieces|units))?\\W*$`,
    ),
    'make it $1',
  ],
  [
    re(
      `^(?:i(?:'d| would)? (?:rather|prefer)(?: have| take)?|make that|i (?:said|meant?)) (${NUMBER})(?:,? not .+)?(?: of them| pieces)?\\W*$`,
    ),
    'make it $1',
  ],
  [
    re(
      `^(${NUMBER})(?: (?:pieces|units))?(?:,? (?:not|instead of) ${NUMBER}| would be better| (?:is|are) enough| will do)\\W*$`,
    ),
    'make it $1',
  ],
  [re(`^not ${NUMBER},? but (?:rather )?(${NUMBER})\\W*$`), 'make it $1'],
  [
    re(`^(?:no,? )?not (?:for )?([^\\d].*?),? but (?:rather )?(?:for )?(.+?)\\W*$`),
    'use $2 instead',
  ],
  [re(`^(?:no,? )*i meant? (?:for )?([^\\d].+?)(?:,? not .+)?\\W*$`), 'use $1 instead'],
  [
    re(`^(?:it|that|this|the quantity|the number) ${MUST} (?:be|read|have been) (${NUMBER})\\W*$`),
    'make it $1',
  ],
  [
    re(
      `^(?:no,? |but )*the ([a-z ]+?) (?:${MUST} (?:be|read|have been)|is (?:really|actually)|was supposed to be) (.+?)\\W*$`,
    ),
    'change the $1 to $2',
  ],
  [
    re(`^(?:knock|take|shave) (?:off )?(\\d[\\d.,]*) ?(?:%|percent|per cent)(?: off)?`),
    'give $1 % off',
  ],
  // Verbs of everyday speech.
  [re('^(?:switch|swap|flip) (?:over )?(.+?) (?:over )?to (.+)$'), 'change $1 to $2'],
  [
    re(
      '^(?:bump|raise|lower|decrease|up|drop|cut)(?: up| down)? ((?:the )?(?:quantity|qty|rate|price|discount|number) .+ to .+)$',
    ),
    'change $1',
  ],
  [
    re(
      `^(?:put|throw in|include|add) (?:another |an extra )?(${NUMBER}) (?:more|further|additional|extra)(?: of(?: the)?)? (.+)$`,
    ),
    'add $1 $2',
  ],
  [
    re(`^(?:put|throw in|include|add) (?:another|an extra|an additional) (${NUMBER}) (.+)$`),
    'add $1 $2',
  ],
  [
    re(
      `^(${DOCUMENT}) (?:needs|gets|wants|should (?:have|get|include|contain)) (?:another )?(${NUMBER})(?: more)? (.+)$`,
    ),
    'add $2 $3 to $1',
  ],
  [
    re(
      '^(?:put together|draw up|make up|write out|type up|get ready|fix up) (?=an? |the |another |\\d)',
    ),
    'prepare ',
  ],
  [re(`^(?:send|take|give) (${DOCUMENT}) back\\b.*$`), 'return $1'],
  [re(`^(?:send|take) back (${DOCUMENT})\\b.*$`), 'return $1'],
  [
    re(
      `^.*?\\b(${ID})\\b[^,;]*[,;.] (?:so )?(?:make |create |issue |prepare )?(?:an? |the )?(credit note|debit note|return) (?:for|against|on) (?:it|that|this|them)\\b.*$`,
    ),
    'create $2 for $1',
  ],
  [
    re(
      `^(.+?) (?:may|can|is allowed to|should be allowed to|should be able to) (?:only )?owe (?:us|me) (?:up to|at most|no more than|a maximum of) (${AMOUNT})\\b.*$`,
    ),
    'set the credit limit of $1 to $2',
  ],
  [
    re(`^(?:put|set|note|enter) (${AMOUNT})(?: in| down)? as (?:the )?(.+?) (?:of|for|on) (.+)$`),
    'set the $2 of $3 to $1',
  ],
  [
    re('\\b(?:tax[- ]free|free of (?:any )?tax(?:es)?|with no tax(?:es)?|net of tax)\\b'),
    'without tax',
  ],
  // Questions.
  [
    re(
      `^(?:which|what) (.+?) (?:(?:has|have|did) (.+?) not|(?:hasn't|haven't|didn't) (.+?))(?: yet)? (?:settled?|paid|pay)(?: yet| for)*\\W*$`,
    ),
    'unpaid $1 of $2$3',
  ],
  [
    re(
      "(?<=s) (?:that |which )?(?:we|i)(?: have|'ve)? (?:wrote|written|made|issued|sent(?: out)?|got|received|raised|created|booked|took|taken|placed|prepared)(?= (?:this|last|in|since|today|yesterday|for|to|from|between|during)\\b|\\W*$)",
    ),
    '',
  ],
  [
    re(
      "^(?:anything new (?:on|about|with|from)|(?:any|what(?:'s| is) the) (?:news|latest) (?:on|about|from|with)|how (?:are|is) (?:things|it|we doing)(?: going| looking)? with|what(?:'s| is) (?:up|new|going on|happening) with|what do we know (?:about|of)|fill me in on|brief me on|where do we stand with) ",
    ),
    'tell me about ',
  ],
  [
    re(
      '\\bwhat (?:do|does|would) (?:they|these|those|it|all of (?:them|these|those)|that)(?: all)? (?:sum up|sum|add up|come|amount|total)(?: up)?(?: to)?\\b',
    ),
    'the total',
  ],
]

function re(source: string): RegExp {
  return new RegExp(source, 'i')
}
