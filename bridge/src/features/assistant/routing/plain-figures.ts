const DOCID = '[a-z]+(?:-[a-z0-9]+)*-\\d{2,}(?:-\\d+)*'

const FIELD =
  '(?:territory|region|customer group|supplier group|group|payment terms|terms of payment|terms|price list|credit limit|tax id|currency|e-?mail(?: address)?|phone(?: number)?|website)'

const MONTHS =
  'january|february|march|april|may|june|july|august|september|october|november|december'

/** How a figure is divided, and the one thing of a party, item or document that is asked. */
export const FIGURES: [pattern: RegExp, plain: string][] = [
  // How a figure is divided.
  [
    re(
      "(?:is |are |was |were |does |do )?((?:our |the )?[\\p{L} ']+? )?(?:spread|split|distributed|divided|broken|fall|distribute)(?: down| up| out)?,? (?:over|across|by|between|among|into|per|along) (?:the |our |all |all our )*(?:different |various |individual |single )?(?=(?:month|quarter|week|year|customer|supplier|item|territor|region|group|product|categor))",
    ),
    ' $1by ',
  ],
  [
    re(
      '^(?:how|in what way) (?!many\\b|much\\b|big\\b|often\\b|high\\b)(?:our |the )?(?=[a-z ]+ by )',
    ),
    '',
  ],
  [
    re(
      '^(?:break|split|divide|separate)(?: up| down)? (.+?)(?: up| down)? (?:by|into|per|over|across|along)(?: the| our)? (?=(?:month|quarter|week|customer|supplier|item|territor|group|product|categor|status))',
    ),
    '$1 by ',
  ],
  [re('\\b(month|week|quarter|year) (?:by|after|on|for) \\1\\b'), 'by $1'],
  [
    re(
      '\\b(?:for|in|of) (?:each|every|the single|the individual) (?=(?:month|week|quarter|customer|supplier|group|territory|status|item)\\b)',
    ),
    'by ',
  ],
  [
    re(
      "^(?:who|which|what)(?:'s| is| was| are| were)? (?:(?:our|the) )?(?:single )?(?:best|biggest|top|largest|most important|strongest) (customer|supplier|client|buyer|vendor|item|product|seller)s?\\b(?: we have| of ours)?(?: so far)?",
    ),
    'top $1s',
  ],
  [
    re(
      '^(?:in )?(?:which|what) (month|quarter|week)(?: of (?=this|last|20))? ?((?:this|last) year |20\\d\\d )?(?:did|do|have|has|was|were)(?: we| us)? (?:sell|sold|invoiced?|earn|make|made|turn over|sales)?(?: the)? (?:most|best|highest|strongest|biggest)\\b',
    ),
    'sales by $1 biggest first $2',
  ],
  [
    re(
      '^(?:which|what) (item|product|customer|client|territory|region)s? (?:earned|brought|made|gave|gives|brings|makes|generated|generates)(?: in)?(?: us)?(?: in)? (?:the )?most(?: money| revenue)?',
    ),
    'top $1s by revenue',
  ],
  [
    re(
      '\\b(?:do )?(?:we|i) (?:work|deal|do business|trade|cooperate) with\\b|\\b(?:do )?we (?:have|keep|got) on file\\b',
    ),
    '',
  ],
  [
    re("\\b(?:what is|what's|whats) (?:their|its) (?:sum|total|overall (?:value|amount)|worth)\\b"),
    'the total',
  ],
  [re('^(?:count|number|tally) of (.+?) by (?=[a-z]+\\W*$)'), 'how many $1 by '],
  [
    re(
      "^on average,? (?:what|how much)(?: is|'s| are| was| were| does| do) (.+?)(?: worth| cost| come to| bring(?: in)?)?(?= (?:in|this|last|since)\\b|\\W*$)",
    ),
    'average value of $1',
  ],
  [
    re(
      '^(?:which|what|in which|in what) (month|quarter|week)(?: of (?:this|last) year)? (?:had|saw|brought|has|was|showed) (?:us )?(?:the |our )?(?:highest|most|best|strongest|biggest|largest) (sales|purchases|revenue|turnover|orders|income|spend)\\b',
    ),
    '$2 by $1 biggest first',
  ],
  [
    re(
      '\\b(biggest|largest|highest|smallest|latest|newest|oldest|top) (?:single|individual|ever) ',
    ),
    '$1 ',
  ],
  [re('\\b(customer|supplier|item|territory|group) by \\1\\b'), 'by $1'],
  [re('\\b(customers|clients) by (?:the )?groups?\\b'), '$1 by customer group'],
  [re('\\b(items|products) by (?:the )?groups?\\b'), '$1 by item group'],
  [re('\\b(suppliers|vendors) by (?:the )?groups?\\b'), '$1 by supplier group'],
  // One thing of one party, item or document.
  [
    re(
      '^(?:what|how much)(?: money)? (?:has|does|have) (.+?) (?:have )?(?:still )?(?:outstanding|unpaid|open)(?: with us| right now| at the moment| now)?\\W*$',
    ),
    'how much does $1 owe us',
  ],
  [
    re(
      '^what (.+?) (?:has|have|still has) (?:outstanding|unpaid|open)(?: with us| right now| at the moment| now)?\\W*$',
    ),
    'how much does $1 owe us',
  ],
  [
    re(
      `^(?:did|has|have) (?:the )?[^?]{2,40}? (?:pay|paid|settled?)(?: for| us for)? (${DOCID})\\b.*$`,
    ),
    'status of $1',
  ],
  [
    re(
      '^how much (?:do we have|have we got|is|have we)(?: still)? (?:outstanding|open|unpaid) (?:with|at|from|by) (.+?)\\W*$',
    ),
    'how much does $1 owe us',
  ],
  [
    re(
      '^(?:does|do|is) (.+?) (?:still |currently )?(?:owe|owing)(?: us| me)? (?:anything|something|any money|money|a lot|much)\\b.*$',
    ),
    'how much does $1 owe us',
  ],
  [
    re(
      '^(?:do|does|did) we (?:still )?owe (?:anything to |money to )?(.+?)(?: anything| something| any money| money)?\\W*$',
    ),
    'how much do we owe $1',
  ],
  [
    re(
      "^(?:what(?:'s| is)|how (?:high|big|much) is) (.+?)(?:'s|s') (?:(?:open |outstanding )?balance|debt|account)(?: with us| at the moment| now)?\\W*$",
    ),
    'how much does $1 owe us',
  ],
  [
    re(
      '^(?:what|how much|how big a) (?:stock|inventory|quantity) (?:of|in) (.+?) (?:do|have|is|are)(?: we| there)?(?: hold| have| keep| got| left| in (?:the )?(?:warehouse|stock))*\\W*$',
    ),
    'stock of $1',
  ],
  [
    re(
      '^how (?:much|many) (?:stock |pieces |units )?(?:of )?(.+?) (?:are|is|do we)(?: still| currently)? (?:lying|sitting|stored|standing|kept|keep|hold|on the shel(?:f|ves))\\b.*$',
    ),
    'stock of $1',
  ],
  [
    re(
      '^(?:what|how much) (?:do|would|should) (?:we|you|i) (?:charge|ask|take|want|get) for (?:an? |one |the )?(.+?)\\W*$',
    ),
    'price of $1',
  ],
  [
    re(`^(?:till|until|by) (?:when|what date|which date|what day|which day)\\b.*?(${DOCID}).*?$`),
    'due date of $1',
  ],
  [
    re(
      `^when (?:do|does|must|should|shall|have|has|is|are)\\b.*?(?:pay|paid|settle|settled|payable)\\b.*?(${DOCID}).*$`,
    ),
    'due date of $1',
  ],
  [
    re(
      `^(?:(?:did|has|have|was|were|is|are) )(?:they |anybody |someone |the customer |we )?(?:already )?(?:paid|pay|settled?|shipped?|delivered?|billed|received) (${DOCID})\\b.*$`,
    ),
    'status of $1',
  ],
  [
    re(
      `^(?:did|has|have|was|is) (?:the )?(${DOCID}) (?:already |been )*(?:go|gone|left|leave|arrived?|come|came|sent|out|on its way|accepted)\\b.*$`,
    ),
    'status of $1',
  ],
  [
    re(
      `^(?:what|which) (?:part|share|portion|amount|bit) of (${DOCID}) (?:is|remains|was) (?:still |yet )?(?:open|unpaid|outstanding|left|to be paid|due)\\W*$`,
    ),
    'outstanding amount of $1',
  ],
  [
    re(
      `^(?:in|under|on|at|to)? ?(?:which|what) (${FIELD}) (?:do we have|did we put|have we put|have we got|does|is|are|has|do we list|do we keep)(?: for)? (.+?)(?: in| under| on| belong to| belong| have| buy on| listed| fall under| get)?\\W*$`,
    ),
    '$1 of $2',
  ],
  [
    re(
      `^(?:do we have|is there|have we got|have you got|got) (?:an? |any |the )?(${FIELD}|number|address|contact)(?: number)? (?:for|of) (.+?)\\W*$`,
    ),
    '$1 of $2',
  ],
  [re(`^(?:what|which) (?:is|are) (.+?)(?:'s|s') (${FIELD})\\W*$`), '$2 of $1'],
  [
    re(
      `^(?:and |ok |so )*(?:when|by when) (?:should|will|must|is|shall) (?:it|that|this)(?: to)?(?: be)? (?:delivered|arrive|go out|shipped|there)\\W*$`,
    ),
    'when is it to be delivered',
  ],
  [re('^terms of (?!payment)'), 'payment terms of '],
  // A month by itself, after a question about another.
  [
    re(`^(?:and|what about|how about|and what about|now)?,? ?(?:for )?(${MONTHS})\\W*$`),
    'and in $1',
  ],
]

function re(source: string): RegExp {
  return new RegExp(source, 'iu')
}
