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

/** In this order; the first ones make statements that later ones read. */
export const REWRITES: [pattern: RegExp, plain: string][] = [
  // Passive voice.
  [
    re(`^(?:could|can|would|should|may) (the .+?|${ID}) (?:please |also )?be (.+?)[?.]*$`),
    '$1 should be $2',
  ],
  ...DONE.flatMap(([participle, verb]): [RegExp, string][] => [
    [re(`^(?:have|get) (.+?) (?:${participle})\\W*$`), `${verb} $1`],
    [re(`^${ASKING}(.+?)(?<!that|which) ${MUST} be (?:${participle})\\W*$`), `${verb} $1`],
  ]),
  [
    re(
      `^${ASKING}(?:the )?([a-z' -]+?) (?:of|on|for|in) (.+?) ${MUST} (?:be|become|read|say)(?: (?:changed|set|moved|raised|lowered|increased|reduced|switched|postponed|put|extended|pushed|brought forward|corrected|updated) to)? (.+)$`,
    ),
    'change the $1 of $2 to $3',
  ],
  [
    re(`^${ASKING}(.+?)'s ([a-z -]+?) ${MUST} (?:be|become|read)(?: set to)? (.+)$`),
    "change $1's $2 to $3",
  ],
  // What is to be kept in mind.
  [
    re(
      "^(?:i(?:'ve| have)? (?:must|need to|have to|should|got to) )?(?:please )?(?:remember|(?:do not|don't|never|must not|mustn't)(?: let me| ever)? forget|(?:make|be) sure (?:that )?i (?:do not|don't) forget|help me (?:to )?remember|not forget)(?: that i (?:have|need) to| to) ",
    ),
    'remind me to ',
  ],
  [
    re(
      '^(?:jot down|note down|make a note|take a note|write down|note)(?: for me)?(?: that)? (?:i|we)(?: have| need| must| ought| got)?(?: to)? ',
    ),
    'remind me to ',
  ],
  // "remind me what a shelf costs" asks.
  [re('^remind me (?=(?:what|which|who|when|where|how) )'), ''],
  [re('^(?:note to self|memo(?: to self)?|mental note)[:,-]+ *'), 'todo: '],
  [
    re(
      '^(?:put|note|write|add) ["“]?(.+?)["”]? (?:on|to|onto|down on) (?:my|the) (?:to-?do )?list\\b(.*)$',
    ),
    'todo: $1$2',
  ],
  // What a proposal should have said.
  [re(`^(?:it|that|this) (?:${MUST} (?:be|go)|is) (?:for|to) (?=[^\\d])(.+)$`), 'make it for $1'],
  [
    re(
      '^(?:(?:could|can|should) it|it (?:should|must|needs to|has to|can)) be (?:valid|delivered|due|needed|shipped) (?:until|till|by|on) (.+?)[?.]*$',
    ),
    'make it by $1',
  ],
  [
    re(
      `^(?:we|they) (?:had )?(?:agreed|settled) on (${AMOUNT})(?: (?:each|apiece|a piece|per piece))?\\W*$`,
    ),
    'make it at $1 each',
  ],
  [
    re('^[^\\d]+ (?:gets?|should get|was promised) (?:an? )?(\\d[\\d.,]*) ?(?:%|percent)(.*)$'),
    'give $1 %$2',
  ],
  [
    re(
      '^(?:leave out|leave off|skip|omit|drop|forget(?: about)?|take off|remove) (?:the |any )?(tax(?:es)?|vat|gst|sales tax|discount)\\W*$',
    ),
    'without $1',
  ],
  [re('^(?:use|take) (.+?) rather\\W*$'), 'use $1 instead'],
  [re(`^(their|its|his|her) ([a-z ]+?) (?:${MUST} be|is now) (.+?)\\W*$`), 'change $1 $2 to $3'],
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
      `^(?:no,? |but |and |also )*the ([a-z ]+?) (?:${MUST} (?:be|read|have been)|is (?:really|actually)|was supposed to be) (.+?)\\W*$`,
    ),
    'change the $1 to $2',
  ],
  [
    re(`^(?:knock|take|shave) (?:off )?(\\d[\\d.,]*) ?(?:%|percent|per cent)(?: off)?`),
    'give $1 % off',
  ],
  // Verbs of everyday speech.
  [
    re(
      `^(?!and\\b)([^\\d,]+?) (?:would like|wants|needs|requires|requested|(?:has |have )?asked for|is asking for) (an? (?:new )?(?:sales )?${KIND}) (?:for|of|with|over) (?=\\d)(.+)$`,
    ),
    'create $2 for $1 with $3',
  ],
  [
    re(
      `^(?:for|to) ([^\\d,:]+?)[,:]? (an? (?:new )?(?:sales )?${KIND}) (?:for|of|with|over) (?=\\d)(.+)$`,
    ),
    'create $2 for $1 with $3',
  ],
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
  [re('^(?:by|from) whom are we owed (?:the )?most\\b'), 'which customers owe us the most'],
  [
    re(
      "^(?:what(?:'s| is)|anything)(?: (?:still|left|waiting|yet))* to be (delivered|shipped|invoiced|billed)\\b",
    ),
    'sales orders still to be $1',
  ],
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
