const HAVE_NOT =
  "(?:(?:has|have|had|did|was|were|is|are)(?: still| yet)? not|(?:has|have|had|did|was|were|is|are)n't|havent|hasnt|not)(?: yet| been| ever| quite)*"

/** Questions said plainly: what is still to be paid, to come, to be billed, in the readers' words. */
export const QUESTIONS: [pattern: RegExp, plain: string][] = [
  // What somebody is doing while asking says nothing about what is asked.
  [
    re(
      "^(?:i'm|i am|we're|we are|im) (?:doing|preparing|planning|working on|going through|about to do|getting ready for) [^,;:-]+[,;:-]+ *(?:so |and )?(?:please |could you |can you )?(?=\\p{L})",
    ),
    '',
  ],
  [
    re(
      "^(?:for|before|in) (?:the|my|our|this|tomorrow's|today's) [a-z -]*(?:meeting|run|call|review|visit|round|closing)[,:;] *(?:i need |give me |show me )?",
    ),
    '',
  ],
  [
    re('^(?:urgent|quick one|quick question|one more thing|another thing|next|question)[:,;!-]+ *'),
    '',
  ],
  [
    re(
      '^(?:before|since|as|because|after|just|when|while|now|so|ok|okay|well|fyi|for)\\b[^:]{2,60}: *(?=\\p{L})',
    ),
    '',
  ],
  [
    re(
      '\\b(?:amounting|adding up|coming) to (?=(?:over|above|under|below|more|less|no more|no less|at least|at most|up to|between)\\b)',
    ),
    '',
  ],
  [
    re(
      '^(?:and |ok |so )?what (?:are|were|is|was) (?:they|those|these|it|that)(?: all)? worth\\b.*$',
    ),
    'the total',
  ],
  [
    re(
      '^(?:and |ok |please )?(?:restrict|narrow|limit|filter|reduce) (?:(?:that|this|it|them|those|these|the list) )?(?:down )?to ',
    ),
    'only ',
  ],
  [re('^(?:wat|wot|wht|wich|whcih) '), 'which '],
  [
    re(
      '\\b(?:that (?:are|is) |who (?:are|is) )?in arrears\\b|\\bbehind (?:with|on) (?:their )?payments?\\b',
    ),
    'overdue',
  ],
  [re('\\b(?:beyond|upwards of|in excess of|north of|exceeding) (?=[$€£]?\\d)'), 'over '],
  [
    re(
      '^(?:and |but )?(?:leave out|skip|drop|hide|ignore|forget|without) (?:anything|everything|those|the ones|all|whatever)(?: that is)? (?:below|under|less than|smaller than) (\\S+)\\W*$',
    ),
    'only at least $1',
  ],
  [
    re(
      '^(?:and |but )?(?:leave out|skip|drop|hide|ignore|forget|without) (?:anything|everything|those|the ones|all|whatever)(?: that is)? (?:above|over|more than|bigger than) (\\S+)\\W*$',
    ),
    'only at most $1',
  ],
  [
    re(
      '\\b(?:with|of|having) (?:an? |the )?(?:total |net |grand |gross )?(?:value|amount|total|sum|worth|volume)(?: of)? (?=(?:over|above|under|below|more|less|at least|at most|up to|between|exceeding)\\b)',
    ),
    '',
  ],
  [re(',? \\b(20\\d\\d) only\\b'), ' in $1'],
  [re(',? \\b(?:money|value|amount|turnover|volume)[- ]?wise\\b'), ''],
  [
    re('^(.+?)[,:-]* how many (?:were|are|is|was) (?:there|that|it|they|those)\\W*$'),
    'how many $1',
  ],
  [re('\\b(?:the )?head-?count of\\b'), 'number of'],
  [
    re('\\bdeliveries(?: that)?(?: we)? (?:went|go|were sent|made|sent)(?: out)? to\\b'),
    'delivery notes for',
  ],
  [re('\\bwe (?:still |yet )+(?:need|have|ought) to (?:pay|settle)(?: for)?\\b'), 'unpaid'],
  [
    re(
      '^(?:what|how much) (?:did|has|have|does) (?!we\\b|i\\b)(.+?) (?:charged?|billed?|invoiced?) us(?: for)?(?: in total| altogether)?',
    ),
    'how much did we spend with $1',
  ],
  [re('^who (?:supplies|sells)(?: to)? us(?: with)? (?:the )?most'), 'top suppliers by spend'],
  [re('^who (?:buys|orders|spends)(?: from| with)?(?: us)? (?:the )?most'), 'top customers'],
  // What is still to be paid.
  [
    re(
      `(?:,? (?:that|which|and|but))?(?: still)? ?(?:nobody|no one|no-one|noone|no customer|they|we)(?: (?:ever|has|have|had|did))*(?: yet| ever| not|n't)* (?:paid|settled|pay)(?: us| for| yet| so far| up| anything)*(?=\\W*$|,| (?:this|last|in|since|from|over|of|and)\\b)`,
    ),
    ' that are unpaid',
  ],
  [
    re(
      '(?:that |which |who )?(?:are |is |have |has |went |go )?(?:already |long |now )?(?:run |gone )?(?:past|beyond|over|after) (?:their|its|the|his)(?: due| payment)? (?:date|day|deadline)s?',
    ),
    'overdue',
  ],
  [
    re(
      '(?:that |which )?(?:(?:are|is) )?(?:still |yet )*(?:wait(?:ing|s)?|hoping) for (?:their |its |the |our |a )?(?:money|payment|customer to pay)(?: for)?',
    ),
    'unpaid',
  ],
  [
    re(
      "(?:that |which )?we(?: have|'ve)? (?:never|not) (?:got|received|seen) (?:the |our |any |a )?(?:money|payment|cent)(?: for)?",
    ),
    'unpaid',
  ],
  [
    re(
      '(?:that |which )?(?:(?:are|is|were) )?(?:(?:still|left|yet) )+(?:to (?:be )?(?:paid|pay|settled?)|owed|owing)(?! by)',
    ),
    'unpaid',
  ],
  [
    re(
      '(?:that |which )?(?:remain|remains|remaining|went|are going|stay) (?:open|unpaid|unsettled)',
    ),
    'unpaid',
  ],
  [
    re(
      `^(?:get me |show me |list |find |give me )?(?:anything|whatever|everything|all|what)(?: that)? (.+?) (?:still (?:has|have|needs?) to (?:pay|settle)(?: us)?|still owes?(?: us)?|${HAVE_NOT} (?:settled?|paid|pay))(?: yet| for)*\\W*$`,
    ),
    'unpaid invoices of $1',
  ],
  [
    re(
      `(?:that |which )?(?:we |they |i )?${HAVE_NOT} (?:settled?|paid|payed|pay)(?: yet| for| up)*`,
    ),
    ' unpaid',
  ],
  // What is still to come, to go out, to be billed.
  [
    re(
      `(?:that |which )?${HAVE_NOT} (?:arrived?|come in|turned up|delivered|gone out|go out|shipped|received|come)(?: yet| so far| to us)*`,
    ),
    ' not yet delivered',
  ],
  [
    re(
      '(?:that |which )?(?:(?:are|is) )?(?:still |yet )+(?:(?:have|has|need|needs|wait|waiting) )?(?:to (?:be )?|for (?:the )?|a |an )(?:deliver(?:ed|y)?|shipp?(?:ed|ing|ment)?|arrive|come in|come|go out)(?: to customers| yet)?',
    ),
    ' not yet delivered',
  ],
  [
    re(
      `(?:that |which )?(?:(?:still |yet )+(?:(?:have|has|need|needs|wait|waiting) )?(?:to be |for |a |an |the )+(?:invoiced?|billed|bill)|${HAVE_NOT} (?:invoiced|billed)(?: yet)?)`,
    ),
    ' unbilled',
  ],
  [
    re(
      '(?:that |which )?(?:nobody|no one|no customer)(?: has| have)?(?: yet)? (?:answered|accepted|replied to|reacted to)(?: yet| so far)*',
    ),
    ' open',
  ],
  [
    re(
      '(?:that|which) (?:are |is )?(?:only |still |just )+drafts?(?: so far| yet)?|(?:that are )?only drafts so far',
    ),
    ' draft',
  ],
  [
    re(
      '(?:that|which) (?:will )?(?:run out|lapse|lose (?:their )?validity|end)(?= (?:this|next|in|by|before|soon|within|on)\\b)',
    ),
    'expiring',
  ],
]

function re(source: string): RegExp {
  return new RegExp(source, 'iu')
}
