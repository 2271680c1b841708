import { fold, wordsOf } from '../../routing/index.ts'

/**
 * The words that people put around what a request is about. None of them names anything; whatever is
 * no such word has to be a name, and a request with a name that nobody has is not understood.
 */
const FRAME = new Set(
  // Small words.
  (
    'a an the this that these those there here it its they them their he him his she her we us our ours i me my mine you your ' +
    'of for to from by with on in at as into onto over under about per and or but so then than too also again just only now yet still ' +
    'already please pls plz kindly thanks thank thx ok okay oh ah hm hmm well hey hi hello yes no not sorry wait actually instead rather ' +
    'better maybe perhaps if when while because since until till up down out off away back through along around once more another extra ' +
    'further additional some any all both each every one ones same other new old next last who whom which what where how why yeah fyi ' +
    'is are was were be been being am do does did done has have had having can could will would shall should must may might ought ' +
    "let lets let's i'd i'll i'm i've we'd we'll we're we've they'd they'll they're they've he's she's it's that's there's what's don't doesn't " +
    "didn't can't won't shouldn't isn't aren't wasn't hasn't haven't cannot ain't d ll re ve s t o'clock " +
    // Saying and wishing.
    'ask asked asks asking want wants wanted need needs needed require requires required request requested requests wish wishes like likes ' +
    'love prefer expect expects expected hope hopes wait waits waiting say says said tell tells told mean meant means call calls called ' +
    'phone phoned ring rang mail mailed email emailed write wrote written promise promised agree agreed agrees settled decide decided ' +
    'suppose supposed think thought know knows make makes made making create creates created creating prepare prepared prepares preparing ' +
    'draft drafted draw drawn raise raised issue issued set sets put puts putting get gets got getting give gives gave given take takes ' +
    'took taken go goes going gone went come comes came coming send sends sent sending bring brings keep keeps start started begin ' +
    'add adds added adding include includes included including contain contains throw insert enter entered record recorded register ' +
    'registered book booked log open opened fill place placed see look looks check sort arrange arranged handle turn turned convert ' +
    'converted change changes changed changing switch switched swap replace replaced correct corrected adjust edit update updated modify ' +
    'move moved moves moving push pushed pull postpone postponed delay extend extended prolong shift stretch reschedule bump lift lower ' +
    'lowered increase reduce cut drop dropped remove removed delete deleted erase erased scrap bin strike cross leave skip omit forget ' +
    'forgot remember mark marked flag tick ticked close closed rid onto slot finish finished complete completed resolve resolved reopen disable disabled ' +
    'enable enabled block blocked unblock deactivate activate lock stop stopped submit submitted finalise finalised finalize finalized post ' +
    'confirm confirmed approve approved cancel cancelled canceled void voided annul annulled withdraw withdrawn revoke amend release ' +
    // Trading.
    'sell sells sold selling buy buys bought buying purchase purchased order orders ordered ordering quote quoted quotes offer offered ' +
    'invoice invoiced bill billed billing charge charged deliver delivered delivers delivery deliveries ship shipped ships shipping ' +
    'dispatch dispatched supply supplies supplied receive received receives return returned returns refund refunded credit credited pay ' +
    'paid pays payment settle settles transfer transferred cash owe owes owed accept accepted accepts sign signed arrive arrived arrives ' +
    'reorder restock procure fetch run runs running ran low short nearly out pack packed ready fine good right wrong mistake error duplicate ' +
    'damaged faulty obsolete full fully part partly total totals amount sum price prices priced rate cost costs cheap ' +
    // What is spoken of.
    'customer customers client clients supplier suppliers vendor vendors party buyer folks people guys someone somebody person company goods ' +
    'item items stuff thing things piece pieces unit units box boxes pack packs pair pairs hour hours set sets document copy number ' +
    'date day days week weeks month months year time end valid validity expire expires expiry last lasts good due payable needed deadline ' +
    'territory territories region group groups terms term limit limits discount discounts rebate percent tax status state priority field value ' +
    'business anymore longer stock warehouse shelf list mistake deal reminder board today tomorrow asap urgent urgently soon possible ' +
    'directly immediately apiece altogether exactly quick quickly friendly fallen fell through dead called future reference ref cheque check bank transfer money net wire shape case way need bit little extra much many few ' +
    // Around it all.
    'ahead allow allows allowed stay stays stayed hoping hoped covering cover covers decided deciding telephoned telephone ' +
    'telephones rung text texted wishes wishing wished complain complained complains green light go-ahead morning afternoon ' +
    'evening tonight yesterday lately recently earlier later before after during meanwhile finally eventually boss ' +
    'colleague manager office team bookkeeping accounting accountant buyer purchasing sales salesman storekeeper driver ' +
    'carrier lady gentleman guy man woman friend friends contact visit visited meeting met spoke spoken speak talk talked ' +
    'chat chatted discussed discuss negotiated negotiate haggled bargained persuaded convinced insisted insist insists ' +
    'happy glad sure certain certainly surely definitely obviously apparently basically simply really very quite pretty ' +
    'rather fairly anyway besides though although however nice great perfect lovely wonderful brilliant excellent super ' +
    'awesome correct incorrect complete incomplete empty whole entire rest remaining remainder question inquiry enquiry ' +
    "inquiries enquiries request requests demand demands wish order's matter job work works working task's thing's point " +
    'idea plan plans planned stick sticks stuck slip tack tag attach pop stuff squeeze chuck toss lose losing grant granted ' +
    'grants permit permitted entitled deserve deserves earned standing stands stand stood sit sits leave leaves leaving ' +
    "left building warehouse's truck van lorry parcel shipment load loaded consignment batch lot lots reached reach reaches " +
    'landed land handed hand hands picked pick picks collected collect collects fetched brought broken broke scratched ' +
    'scratches bent dirty defective unusable useless nonsense rubbish outdated superfluous unnecessary needless pointless ' +
    'invalid doubled test cancelling ordering selling paying sending writing drawing calling asking waiting doing shipping ' +
    'invoicing quoting booking changing relocated relocate relocates relocating based resident reside switching joined ' +
    'joins join become becomes became turning treated treat counts count belongs belong belonging assigned assign ' +
    "accordingly straight immediately promptly shortly presently forthwith meantime while's trust trusted trustworthy " +
    'reliable slow late lates overdue bad poor risky bankrupt insolvent retire retired quit quits buying trading trade ' +
    "trades deal deals dealing dealt business dealings relation relations relationship concerning regarding respect about's " +
    "behalf favour favor account accounts bank's wire's cash's grateful appreciate appreciated appreciates help helps " +
    "helped helping apply applies applied use uses used using choose chooses chose chosen select selected pick's swap's " +
    "exchange exchanged hold holds held keep keeping kept stay's remain remains remained stop's grant's cap caps capped " +
    "restrict restricted restricts ceiling maximum max minimum min most least up-to deposit instalment hours' worth plus " +
    'minus less including excluding incl excl together able likely willing keen eager available first second third final ' +
    'initial initially originally former formerly hmmm oops apologies apologise pardon excuse argh ouch whoops damn hers ' +
    'ours theirs yours itself themselves himself herself myself yourself somehow somewhat anyhow somewhere anywhere ' +
    "everywhere proper properly formal formally official officially per each's piece's sends pass passed passes forward " +
    'forwarded forwards seems seem seemed appears appear sounds sound feel feels happens happened happen occurs finance ' +
    "financial fiscal book's books ledger records record's system steward erp erpnext shop store premises site door counter " +
    'usual usually normal normally standard regular regularly always note noted notice attention thereof thereby therefore ' +
    "hence thus consequently okayed ok'd greenlit cleared clear clears bound owing today's tomorrow's yesterday's week's " +
    "month's year's begin begins began beginning tied screen chart charts plot graph honoured honour filed file makes ends ended ending client's customer's supplier's vendor's replenish " +
    "replenished replenishment cheaper dearer expensive inexpensive worthwhile someone's anyone anybody shouldn couldn " +
    "wouldn mustn telling looking fast faster slowly accepting upon among within across against towards toward issue's " +
    "ticket complaint complaints support amounting amounts amounted hope's hopefully fingers whose where's how's why's sum " +
    'sums summed nope nah yep yup alright wrongly mistakenly accidentally accident erroneously erroneous addressed address ' +
    'addresses issuing promise promises promising settling clearing raises raising carry carried dept department '
  ).split(' '),
)

/** True of a word that frames a request; a capital inside the sentence makes it part of a name. */
export function isFrameWord(word: string): boolean {
  const plain = fold(word).replace(/['’]s$/, '')
  return FRAME.has(plain) || FRAME.has(fold(word)) || wordsOf(plain).every((one) => FRAME.has(one))
}

const IN_NO_NAME =
  /^\d+ |^(?:the )?(?:first|second|third|last|next) (?:item|row|line|one)|, (?:delivery|delivered|deliver|valid|due|needed|until|by|for|please|at)\b|\b(?:half|rest) of\b| (?:to|in|on|at|off|up|out|from|for|with)$|\bof the\b|\beveryone\b|^by the name\b| and \p{Lu}\p{L}+ \p{Lu}|(?:^|\s)(?:be|been|being|is|are|was|were|should|must|can|could|would|will|shall|has|have|had|did|does|do|asked|asks|wants?|wanted|needs?|needed|please|that|which|who|what|when|whether|it|they|them|we|us|i|me|my|you|your|not|because|so|ought|let|get|gets|prepared|made|created|sent)(?=\s|$|[?!,])|[a-z]+(?:-[a-z0-9]+)*-\d{4,}-\d+|\?/iu

/** Frame words that narrow a question down: it means something else without them. */
const NARROWS = new Set(
  (
    'sold sell bought buy ordered order delivered deliver shipped ship paid pay pays invoiced billed received returned refunded credited ' +
    'cancelled canceled submitted approved closed open opened disabled blocked confirmed accepted late overdue bad due stock price prices cost ' +
    'costs credit limit discount tax new old last first second third final next other another more most least minus plus without less only ' +
    'not no including excluding before after since until during within between cash bank damaged broken wrong free marked registered ' +
    'reliable slow fast expensive cheaper bankrupt minimum maximum max min average half both each every some any many few much usual'
  ).split(' '),
)

/** "tied up in", "I want to phone": words that tell why something is asked, not what. */
export function isStory(asked: string): boolean {
  const words = asked.trim().split(/\s+/)
  return (
    !/\p{Lu}|\d/u.test(asked) &&
    words.every((word) => isFrameWord(word) && !NARROWS.has(word.toLowerCase()))
  )
}

const NOT_ONE = /^(?:all|any|every|both|overdue|unpaid|open|draft|last|latest|newest|new)\b/

/** "SHELF-3 be prepared": a stretch that was taken for a name by mistake. */
export function isNoName(asked: string): boolean {
  const text = asked.trim()
  if (
    /^(?:it|them|they|him|her|this|that|me|us)(?: (?:customer|client|supplier|vendor|item|one))?$/i.test(
      text,
    )
  )
    return false
  const words = text.split(/\s+/)
  const isOnlyFrame = !/\p{Lu}|\d/u.test(text) && words.every(isFrameWord)
  return isOnlyFrame || IN_NO_NAME.test(text) || NOT_ONE.test(text)
}
