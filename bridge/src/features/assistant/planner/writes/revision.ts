import { NUMBER, readDate, readNumber, Sentence } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import { resolveName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { takeDiscount } from './create-reader.ts'
import { fieldCalled, setField } from './field-values.ts'
import { readItemLines } from './item-lines.ts'
import { revisedLine } from './revised-line.ts'
import { takeTax } from './tax-reader.ts'
import { nameSlot, type WritePlan } from './write-plan.ts'

const LEAD =
  "^\\W*(?:no,? |actually,? |sorry,? |wait,? |please |and |oh,? |i meant |rather |hmm,? |ok,? |but |instead,? |can you |could you |let'?s )*"
const INSTEAD = '(?: instead| please| rather| only| then)*[.!]?$'

/** "make it 20 instead", "with 5 % discount", "for Alder instead", "add 2 lamps": the proposal put differently. */
export async function reviseProposal(
  text: string,
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  if (plan.action === 'update') return revisedChange(text, plan, planner)
  if (plan.action === 'mapped')
    return revisedAmount(text, plan) ?? revisedField(text, plan, planner)
  if (plan.action !== 'create') return null
  return (
    revisedTax(text, plan) ??
    revisedDiscount(text, plan) ??
    revisedQuantity(text, plan) ??
    revisedRate(text, plan) ??
    revisedDate(text, plan, planner) ??
    addedLines(text, plan) ??
    (await revisedLine(text, plan, planner)) ??
    (await revisedParty(text, plan, planner)) ??
    (await revisedField(text, plan, planner))
  )
}

function quantityIn(text: string): number | null {
  const match =
    re(
      `(?:(?:make|change|set)(?: it| that| this| the quantity| the qty)?(?: to| into)?|(?:only|just)) (?<qty>${NUMBER})(?: (?:pieces|units|pcs|of them))?${INSTEAD}`,
    ).exec(text) ?? re(`(?<qty>\\d+)(?: (?:pieces|units|pcs))? instead[.!]?$`).exec(text)
  return match ? readNumber(match.groups!.qty!) : null
}

function revisedQuantity(text: string, plan: WritePlan): WritePlan | null {
  const qty = quantityIn(text)
  if (qty === null || plan.items.length !== 1) return null
  return { ...plan, items: [{ ...plan.items[0]!, qty }] }
}

function rateIn(text: string): number | null {
  const match =
    re(
      `(?:(?:make|change|set|use)(?: it| that| this)?(?: to)? |with |put )?(?:(?:the |an? )?(?:rate|price|unit price)(?: of| to| at| is|:)?|at|for) [$€£]?(?<rate>${NUMBER})(?! ?%)(?: (?:usd|eur|gbp|each|apiece|per piece|per unit))*${INSTEAD}`,
    ).exec(text) ?? re(`[$€£]?(?<rate>${NUMBER}) (?:each|apiece)${INSTEAD}`).exec(text)
  return match ? readNumber(match.groups!.rate!) : null
}

function revisedRate(text: string, plan: WritePlan): WritePlan | null {
  const rate = rateIn(text)
  if (rate === null || plan.items.length !== 1) return null
  return { ...plan, items: [{ ...plan.items[0]!, rate }] }
}

/** "without tax", "with VAT". */
function revisedTax(text: string, plan: WritePlan): WritePlan | null {
  if (!/\b(?:tax|taxes|vat|gst)\b/i.test(text) || !knowledgeOf(plan.doctype)?.items) return null
  const values = { ...plan.values }
  delete values.taxes_and_charges
  const revised = { ...plan, values, slots: [] }
  return takeTax(new Sentence(` ${text}`), revised) ? revised : null
}

function revisedDiscount(text: string, plan: WritePlan): WritePlan | null {
  if (!/\b(?:discount|off|%|percent)/i.test(text) || !knowledgeOf(plan.doctype)?.items) return null
  if (
    !re('(?:(?:make|change|set|give|apply|add|use|with|put|no|without|drop|remove)\\b|\\d).*').test(
      text,
    )
  )
    return null
  const values = { ...plan.values }
  delete values.additional_discount_percentage
  delete values.discount_amount
  const revised = { ...plan, values }
  if (re('(?:no|without(?: the| any)?|drop the|remove the) discount\\W*$').test(text))
    return revised
  return takeDiscount(new Sentence(` ${text}`), revised) ? revised : null
}

function revisedDate(text: string, plan: WritePlan, planner: PlannerTurn): WritePlan | null {
  const match = re(
    '(?:make|change|set|move|deliver|due|valid|delivery|with delivery)(?: (?:it|that|this|the delivery|the date|the delivery date|the due date|date))*(?: (?:to|for|by|on|until|till))? (?<date>.+)$',
  ).exec(text)
  const date = match
    ? readDate(match.groups!.date!.replace(/ instead.*$/, ''), planner.today)
    : null
  const due = knowledgeOf(plan.doctype)?.due
  return date && due ? { ...plan, values: { ...plan.values, [due]: date } } : null
}

function addedLines(text: string, plan: WritePlan): WritePlan | null {
  const match = re(
    '(?:add|also|plus|and|put|throw in|include)(?: also| another| put| add)? (?<lines>\\d.*?)(?: (?:on|to|in|onto) (?:it|that|there|top|the \\w+))?[.!]?$',
  ).exec(text)
  if (!match || plan.items.length === 0) return null
  const { lines } = readItemLines(new Sentence(match.groups!.lines!))
  if (lines.length === 0) return null
  const from = plan.items.length
  return {
    ...plan,
    items: [...plan.items, ...lines.map(({ asked: _, ...line }) => line)],
    slots: lines.map(({ asked }, index) => nameSlot(`item:${from + index}`, ['Item'], asked)),
  }
}

/** "for Alder instead", "use supplier Foxton", "use DESK-140 instead": the party, or the one item. */
async function revisedParty(
  text: string,
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const party = knowledgeOf(plan.doctype)?.party
  const bare = re(`(?:use|take|with|make it) (?<name>[^%\\d][^%]*?) instead[.!]?$`).exec(text)
    ?.groups?.name
  const match =
    re(
      `(?:make it |change it |do it |it's |its )?(?:for|to) (?:customer |supplier |client |vendor )?(?<party>[^0-9].*?)${INSTEAD}`,
    ).exec(text) ??
    re(
      `(?:use|take|make|change|set|choose)(?: it| that)?(?: the)? (?:customer|supplier|client|vendor)(?: to| is|:)? (?<party>.+?)${INSTEAD}`,
    ).exec(text)
  if (match && party) {
    return { ...plan, slots: [nameSlot('party', [party.doctype], match.groups!.party!)] }
  }
  if (!bare) return null
  if (plan.items.length === 1) {
    const item = await resolveName(planner.site, 'Item', bare)
    if (item.status !== 'not_found') return { ...plan, slots: [nameSlot('item:0', ['Item'], bare)] }
  }
  return party ? { ...plan, slots: [nameSlot('party', [party.doctype], bare)] } : null
}

/** "change the territory to North", "set the mobile number to …": a field of what is proposed. */
async function revisedField(
  text: string,
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const match = re(
    `(?:make|change|set|use|put)(?: the| its| their)? (?<field>[a-z' -]+?) (?:to|as|=|is|:) (?<value>.+?)(?: instead)?[.!]?$`,
  ).exec(text)
  if (!match) return null
  const field = fieldCalled(await planner.site.describe(plan.doctype), match.groups!.field!)
  if (!field || field.read_only) return null
  const revised = { ...plan, values: { ...plan.values }, slots: [] }
  return setField(revised, field, match.groups!.value!, planner) ? revised : null
}

/** Of a payment: another amount. */
function revisedAmount(text: string, plan: WritePlan): WritePlan | null {
  const amount = quantityIn(text.replace(/[$€£]|\b(?:usd|eur|gbp)\b/gi, ''))
  if (amount === null || plan.doctype !== 'Payment Entry' || !plan.from) return null
  const reference = { reference_doctype: plan.from.doctype, reference_name: plan.from.name }
  const values = {
    ...plan.values,
    ...{ paid_amount: amount, received_amount: amount },
    references: [{ ...reference, allocated_amount: amount }],
  }
  return { ...plan, values }
}

/** A change of one field or of a row, with another value. */
async function revisedChange(
  text: string,
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const rows = plan.rows
  const number = quantityIn(text) ?? rateIn(text)
  const [rowField] = Object.keys(rows?.values ?? {})
  if (rows && rowField && number !== null) {
    return { ...plan, rows: { ...rows, values: { ...rows.values, [rowField]: number } } }
  }
  const [only, ...others] = Object.keys(plan.values)
  const match = re(
    `(?:(?:make|change|set) (?:it|that|this)(?: to)?|to|rather|with) (?<value>.+?)${INSTEAD}`,
  ).exec(text)
  const { fields } = await planner.site.describe(plan.doctype)
  const field = fields.find(({ fieldname }) => fieldname === only)
  const isPlain = field && others.length === 0 && field.fieldtype !== 'Table'
  const revised = { ...plan, values: {}, slots: [] }
  if (isPlain && match && setField(revised, field, match.groups!.value!, planner)) return revised
  const known = knowledgeOf(plan.doctype)
  const party = known?.items ? await revisedParty(text, plan, planner) : null
  return party ?? revisedField(text, plan, planner)
}

function re(source: string): RegExp {
  return new RegExp(LEAD + source, 'i')
}
