import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { wordsOf } from '../../routing/index.ts'
import type { Gist } from './gist.ts'
import type { Plain } from './plain.ts'

const PAYABLE = new Set(['Sales Invoice', 'Purchase Invoice', 'Sales Order', 'Purchase Order'])
const RETURNS =
  /\b(?:credit(?:ed)?(?! card)|credit note|debit note|refund(?:ed)?|return(?:ed)?|(?:send|sent|take|taken) back)\b/
const PAYS =
  /\b(?:paid|pay|pays|payment|settled?|transferr?ed|money|came in|come in|arrived|received|sent|wired)\b/

/** What a document gives rise to: its invoice, its delivery, its payment, its return. */
export async function saidAsNext(gist: Gist, planner: PlannerTurn): Promise<Plain | null> {
  const [document, ...others] = gist.documents
  if (!document || others.length > 0 || gist.lines.length > 0 || gist.percent !== null) return null
  const { doctype, name } = document
  if (gist.days.length > 1) return null
  if (RETURNS.test(gist.text)) return returned(gist, doctype, name)
  const made = madeOf(gist, doctype)
  if (made) return gist.amounts.length > 0 ? null : next(gist, document, made, planner)
  const isMoney = gist.amounts.length === 1 && /\b(?:towards?|against|for|on)\b/.test(gist.text)
  const isPaid = PAYABLE.has(doctype) && (PAYS.test(gist.text) || isMoney)
  return isPaid ? payment(gist, document, planner) : null
}

function returned(gist: Gist, doctype: string, name: string): Plain | null {
  const isBare = gist.amounts.length === 0 && gist.names.length === 0 && gist.days.length === 0
  const note = { 'Sales Invoice': 'credit note', 'Purchase Invoice': 'debit note' }[doctype]
  return isBare ? { text: `create ${note ?? 'return'} for ${name}` } : null
}

const MADE: Record<string, [pattern: RegExp, doctype: string][]> = {
  Quotation: [[/\b(?:accept|confirm|sign|agree|order|yes)\w*\b/, 'Sales Order']],
  'Sales Order': [
    [/\b(?:bill|invoice|charge)\w*\b/, 'Sales Invoice'],
    [/\b(?:ship|deliver|dispatch|send out|go out)\w*\b/, 'Delivery Note'],
  ],
  'Delivery Note': [[/\b(?:bill|invoice|charge)\w*\b/, 'Sales Invoice']],
  'Purchase Order': [
    [/\b(?:bill|invoice)\w*\b/, 'Purchase Invoice'],
    [
      /\b(?:arrived?|receiv\w+|came|come|here|receipt|delivered|book \w+ in|book in)\b/,
      'Purchase Receipt',
    ],
  ],
  'Purchase Receipt': [[/\b(?:bill|invoice)\w*\b/, 'Purchase Invoice']],
}

/** Exactly one thing that can be made of it; of two named ones the one that is not there yet. */
function madeOf({ text }: Gist, doctype: string): string | null {
  const own = (MADE[doctype] ?? []).filter(([pattern]) => pattern.test(text))
  return own.length === 1 ? own[0]![1] : null
}

async function next(
  { names, days }: Gist,
  document: { doctype: string; name: string },
  made: string,
  planner: PlannerTurn,
): Promise<Plain | null> {
  const [who, ...others] = names
  if (others.length > 0 || (who && !(await isPartyOf(document, who, planner)))) return null
  const label = planner.vocabulary.label(made).toLowerCase()
  return { text: `create ${label} from ${document.name}`, ...(days[0] && { day: days[0] }) }
}

/** A name beside the document must be its party's: somebody else's payment is never guessed. */
async function payment(
  gist: Gist,
  document: { doctype: string; name: string },
  planner: PlannerTurn,
): Promise<Plain | null> {
  const code = gist.names.find((name) => /\d/.test(name))
  const [who, ...more] = gist.names.filter((name) => name !== code)
  if (more.length > 0 || gist.amounts.length > 1) return null
  if (who && !(await isPartyOf(document, who, planner))) return null
  const amount = gist.amounts[0] === undefined ? '' : ` of ${gist.amounts[0]}`
  const reference = code ? `, reference ${code}` : ''
  const day = gist.days[0] ? `, paid on ${gist.days[0]}` : ''
  const mode = /\b(?:by|in|with) (cash|cheque|check|credit card)\b/.exec(gist.text)
  const by = mode ? ` by ${mode[1]}` : ''
  return { text: `record payment${amount} against ${document.name}${by}${reference}${day}` }
}

async function isPartyOf(
  { doctype, name }: { doctype: string; name: string },
  who: string,
  planner: PlannerTurn,
): Promise<boolean> {
  const party = knowledgeOf(doctype)?.party
  if (!party) return false
  const { values } = await planner.site.call('read_record', { doctype, name })
  const own = wordsOf(`${String(values[party.field])} ${String(values[party.title])}`)
  return wordsOf(who).every((word) => own.includes(word))
}
