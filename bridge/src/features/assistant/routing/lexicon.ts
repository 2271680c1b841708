/** Groups of words that say the same for a request's class; each group is one feature. */
const GROUPS: Record<string, string> = {
  'verb of making':
    'create make new add raise draft prepare generate register enter issue write record log open quote order buy sell purchase reorder remind schedule book invoice bill deliver ship receive convert turn duplicate copy clone pay paid need needs want wants request ordered received another transfer',
  'verb of changing':
    'change set update modify edit correct move postpone push shift delay reschedule extend rename mark close complete finish reopen resolve disable enable deactivate activate block unblock assign reassign reduce increase raise lower adjust fix replace switch instead actually give apply put drop bring forward freeze allocate',
  'verb of deciding':
    'submit finalize finalise confirm post cancel void annul delete remove erase discard approve reject undo revert amend rollback',
  'verb of showing':
    'show list display give get find see view open pull print fetch bring look check tell',
  'word of counting':
    'many number count total sum average mean much often quantity percentage share volume',
  'word of ranking':
    'top best biggest largest highest most worst lowest smallest least rank ranking leading main strongest',
  'word of money':
    'revenue turnover sales income spend spending purchases profit loss margin expenses costs owe owes owed debt debtors receivables payables earned sold bought outstanding invoiced billed',
  'word of state':
    'unpaid overdue open draft drafts cancelled canceled paid pending submitted completed late expired due active closed delayed unbilled undelivered expiring',
  'word for a property':
    'phone telephone mobile email mail address contact price rate cost stock inventory availability balance status state website territory website valuation barcode warehouse terms limit outstanding number',
  report:
    'report statement ledger balance sheet register aging ageing summary analytics breakdown overview receivable payable',
  'file word':
    'file files pdf pdfs scan scans scanned image photo picture document attachment attachments attached upload uploaded uploads spreadsheet excel csv xlsx xls receipt ocr import importing storage folder download export extract parse digitise digitize dropped contract docx page pages space',
  'outlook word':
    'forecast predict prediction projection estimate trend trends trending anomaly anomalies outlier outliers unusual strange odd suspicious irregularities why churn risk risky seasonality insight insights explain analyse analyze growth growing shrinking likely expected expect future recommend suggest restock moving drop rise decline increase developing improving slow profitable will',
  'team word':
    'team workspace member members invite invitation seat seats licence licences license licenses plan subscription upgrade downgrade billing quota quotas budget credit api key keys webhook automation automations admin admins role roles permission permissions access password provider openai anthropic ollama model models token tokens usage settings audit owner viewer sync bucket card allowance spending cap teammate colleague',
  'about the assistant':
    'you your yourself steward assistant bot help hello hi hey thanks thank thx bye goodbye examples example tips commands features',
  'empty word':
    'it that this thing things stuff something anything everything nothing one ones usual same before wrong problem issue mistake hmm hm uh um huh question maybe again other else',
  courtesy:
    'hello hi hey thanks thank thx cheers great perfect nice cool awesome ok okay alright bye goodbye morning evening afternoon welcome',
  'wide world':
    'weather rain snow sunny sunshine temperature joke riddle story poem song novel essay haiku tweet blog speech letter movie film tv show netflix podcast music game games football soccer tennis cricket basketball olympics cup champion league team match score scores won election president prime minister king queen pope chancellor politics political war peace religion god capital country countries continent planet planets moon sun universe earth ocean mountain river city translate french spanish german japanese italian chinese english language python javascript java rust sql code coding program programming function script website app bug algorithm equation homework maths math physics chemistry biology science history recipe cook bake cake pasta pizza bread soup dinner lunch breakfast restaurant hotel flight flights travel holiday vacation trip taxi train ticket medicine pills doctor headache fever flu cold pain sick sleep diet workout muscle weight bitcoin crypto ethereum shares nasdaq dow gold stocks investment invest dog cat wife husband girlfriend boyfriend baby neighbour love friend friends feelings dream alarm timer lights heating car bike phone repair hack bomb weapon virus wifi instagram facebook celebrity singer actor horoscope zodiac chess trivia news headline headlines aliens ghosts meaning life death famous painted wrote invented discovered sing dance rap pirate pretend roleplay ignore previous instructions prompt system reveal animals dinosaur flower garden clothes wear dress fashion wedding divorce birthday gift present child children kids university exam interview cv lottery casino poker word synonym spell define euro yen miles kilometres celsius fahrenheit pounds gallons',
}

const GROUP_OF = new Map<string, string[]>()
for (const [group, words] of Object.entries(GROUPS)) {
  for (const word of words.split(' ')) {
    GROUP_OF.set(word, [...new Set([...(GROUP_OF.get(word) ?? []), group])])
  }
}

/** The groups a word belongs to, its plural included. */
export function groupsOf(word: string): string[] {
  return GROUP_OF.get(word) ?? GROUP_OF.get(word.replace(/s$/, '')) ?? []
}

const BUSINESS = new Set(['word of money', 'word of state', 'word for a property', 'report'])

export function isBusinessWord(word: string): boolean {
  return groupsOf(word).some((group) => BUSINESS.has(group))
}

const POLITE = new Set(
  'please pls can could would will you i we want need to like kindly now just then and also hey hi ok okay let me lets'.split(
    ' ',
  ),
)

/** The first word that is not politeness: usually the verb. */
export function leadingWord(words: string[]): string {
  return words.find((word) => !POLITE.has(word)) ?? words[0] ?? ''
}
