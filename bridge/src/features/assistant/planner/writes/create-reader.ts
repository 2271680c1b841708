import { takeAmountAfter, takeDateAfter, type Sentence } from '../language/index.ts'
import { knowledgeOf, type DocumentKnowledge } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { takeTax } from './tax-reader.ts'
import { readItemLines, type ReadLines } from './item-lines.ts'
import { emptyPlan, nameSlot, valueSlot, type WritePlan } from './write-plan.ts'

/** Documents made of items, for a party or for the own stock. */
export function readTradeDocument(
  sentence: Sentence,
  doctype: string,
  planner: PlannerTurn,
): WritePlan {
  const known = knowledgeOf(doctype)!
  const plan = emptyPlan('create', doctype)
  takeDates(sentence, known, plan, planner)
  takeTax(sentence, plan)
  takeTerms(sentence, plan)
  const lineDiscount = hasLineDiscount(sentence)
  if (!lineDiscount) takeDiscount(sentence, plan)
  takeReferences(sentence, plan, doctype)
  const read = readItemLines(sentence)
  addParty(plan, known, withPartyAfterComma(read, known))
  addItems(plan, read)
  addMissingDate(plan, known)
  if (doctype === 'Material Request') plan.values.material_request_type = purposeOf(sentence)
  return plan
}

const DUE_LEADS =
  '(?:to be )?(?:deliver(?:y|ed)?|ship(?:ped)?|needed|required|due|valid|expir(?:es|ing|y)|schedule[d]?|payable)(?: date)?(?: (?:by|on|until|till|for|before|is|in|at))?|until|till|by|before'

const DAY_WORD =
  '(?:\\d{4}-\\d\\d|\\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \\d|(?:next |this )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month)\\b|tomorrow|today|end of)'

function takeDates(
  sentence: Sentence,
  known: DocumentKnowledge,
  plan: WritePlan,
  { today }: PlannerTurn,
): void {
  if (known.due) {
    const due =
      takeDateAfter(sentence, DUE_LEADS, today) ??
      takeDateAfter(sentence, `for(?= (?:the )?${DAY_WORD})`, today)
    if (due) plan.values[known.due] = due
  }
  const on = takeDateAfter(sentence, 'dated|posting date|date|as of|on', today)
  if (on && known.date) plan.values[known.date] = on
  if (on && known.date === 'posting_date') plan.values.set_posting_time = 1
}

/** "with payment terms 30 days", where the document has them. */
function takeTerms(sentence: Sentence, plan: WritePlan): void {
  if (!WITH_TERMS.has(plan.doctype)) return
  const match = sentence.take(
    /[,\s]*\b(?:and |with |on |under )*(?:the )?(?:payment terms|terms of payment)(?: of| are| is|:| template)?\s+["']?([^,"'\u0001]+?)["']?(?=,|$|\u0001| and | for | to )/,
  )
  if (!match) return
  const slot = nameSlot('field:payment_terms_template', ['Payment Terms Template'], match[1]!)
  plan.slots.push({ ...slot, question: 'Which payment terms should it have?' })
}

const WITH_TERMS = new Set([
  ...['Quotation', 'Sales Order', 'Sales Invoice', 'Purchase Order', 'Purchase Invoice'],
])

/** A discount in the middle belongs to its line: another quantity follows it. */
function hasLineDiscount(sentence: Sentence): boolean {
  return /\d\s?(?:%|percent|per cent)\s*(?:off|discount|rebate)?,?\s+(?:and|plus|,|\+)\s+\d+\s+[a-z]/.test(
    sentence.text,
  )
}

/** "10 % off", "with a discount of 50": on the whole document. */
export function takeDiscount(sentence: Sentence, plan: WritePlan): boolean {
  const named = sentence.take(
    /[,\s]*\b(?:with |at |and |giving )*(?:an? )?(?:discount|rebate)(?: of| is|:)?\s*(\d+(?:[.,]\d+)?)\s?(?:%|percent|per cent|pct)/,
  )
  const percent =
    named ??
    sentence.take(
      /[,\s]*\b(?:with|at|and|less|minus|giving|give(?: them)?|apply|including)?\s*(?:an? )?(\d+(?:[.,]\d+)?)\s?(?:%|percent|per cent|pct)\s*(?:off|discount|rebate|reduction|less)?/,
    )
  if (percent) {
    plan.values.additional_discount_percentage = Number(percent[1]!.replace(',', '.'))
    return true
  }
  const amount =
    takeAmountAfter(sentence, '(?:with |and )?(?:an? )?(?:discount|rebate)(?: of)?') ??
    takeAmountOff(sentence)
  if (amount === null) return false
  plan.values.discount_amount = amount
  return true
}

function takeAmountOff(sentence: Sentence): number | null {
  const match = sentence.take(
    /[,\s]+(?:with |and |less )?[$€£]?(\d+(?:[.,]\d+)?)\s?(?:usd|eur|gbp|dollars?|euros?)? (?:off|discount)\b/,
  )
  return match ? Number(match[1]!.replace(',', '.')) : null
}

/** "PO number 4711", "bill no A-12": what the other side calls it. */
function takeReferences(sentence: Sentence, plan: WritePlan, doctype: string): void {
  const field = { 'Sales Order': 'po_no', 'Sales Invoice': 'po_no', 'Purchase Invoice': 'bill_no' }[
    doctype
  ]
  if (!field) return
  const match =
    sentence.take(
      /[,\s]*\b(?:their |customer |customer's |supplier |with |under )*(?:po|bill|reference|ref|supplier invoice|purchase order)(?: (?:no|number|nr)\.?| ?#)\s*:?\s*([a-z0-9][\w/-]*)/,
    ) ?? null
  if (match) {
    const end = match.index + match[0].length
    plan.values[field] = sentence.spelled(end - match[1]!.length, end)
  }
}

const PARTY_FILLER =
  /^(?:[\s,:;-]|(?:please|can you|could you|create|make|raise|prepare|draft|write|issue|add|generate|place|send|new|a|an|the|me|us|up|do|with|on|for|to|from|of|and|our|customer|supplier|client|vendor|i|we|want|need|would|like|it|order|quote|invoice|bill|quick|another|at|record|enter|book|set|put|in|open|over|let's|lets|start)\b)+/i

/** "2 shelves, Novak Engineering": with no party elsewhere, what follows the last comma is it. */
function withPartyAfterComma(read: ReadLines, known: DocumentKnowledge): ReadLines {
  const last = read.lines.at(-1)
  const [, name, party] = /^(.+?),\s*([^,\d]{3,})$/.exec(last?.asked ?? '') ?? []
  const isNamed = read.after !== null || read.before.replace(PARTY_FILLER, '').trim() !== ''
  if (!known.party || !last || !name || !party || isNamed) return read
  last.asked = name
  return { ...read, after: party }
}

/** "X wants 4 chairs" */
const WISHING =
  /\s+(?:wants?|needs?|requires?|(?:has |have )?ordered|bought|(?:would|'d) like|(?:is |are )?asking for|asked for|(?:will )?takes?)(?: to (?:buy|order|have))?$/i

function addParty(plan: WritePlan, known: DocumentKnowledge, read: ReadLines): void {
  if (!known.party) return
  const before = read.before
    .replace(PARTY_FILLER, '')
    .replace(/[\s,:;-]+(?:with|for|of|on|and|to|over|about)?[\s,:;-]*$/i, '')
  const asked = before.replace(WISHING, '') || read.after || null
  const slot = nameSlot('party', [known.party.doctype], asked)
  const noun = known.party.doctype.toLowerCase()
  plan.slots.push({ ...slot, question: `Which ${noun} is the ${plan.doctype} for?` })
}

function addItems(plan: WritePlan, read: ReadLines): void {
  plan.items = read.lines.map(({ asked: _, ...line }) => line)
  read.lines.forEach(({ asked }, index) => {
    plan.slots.push(nameSlot(`item:${index}`, ['Item'], asked))
  })
  if (plan.items.length === 0) {
    plan.slots.push(valueSlot('items', 'Table', 'Which items, and how many of each?'))
  }
}

/** Orders and requests need a day; nothing is assumed about it. */
function addMissingDate(plan: WritePlan, known: DocumentKnowledge): void {
  const field = known.items?.dateField
  if (!field || plan.values[field]) return
  const question =
    field === 'delivery_date' ? 'When should it be delivered?' : 'By when is it needed?'
  plan.slots.push(valueSlot(field, 'Date', question))
}

function purposeOf(sentence: Sentence): string {
  if (sentence.has(/\btransfer\b/)) return 'Material Transfer'
  if (sentence.has(/\bmanufactur/)) return 'Manufacture'
  return sentence.has(/\bissue\b/) ? 'Material Issue' : 'Purchase'
}
