import { NUMBER, readDate, readNumber, Sentence } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { takeDiscount } from './create-reader.ts'
import { readItemLines } from './item-lines.ts'
import { nameSlot, type WritePlan } from './write-plan.ts'

const LEAD =
  '^\\W*(?:no,? |actually,? |sorry,? |wait,? |please |and |oh,? |i meant |rather |hmm,? |ok,? |but )*'

/** "make it 20 instead", "with 5 % discount", "for Alder instead", "add 2 lamps": the proposal put differently. */
export function reviseProposal(
  text: string,
  plan: WritePlan,
  planner: PlannerTurn,
): WritePlan | null {
  if (plan.action !== 'create') return null
  return (
    revisedDiscount(text, plan) ??
    revisedQuantity(text, plan) ??
    revisedDate(text, plan, planner) ??
    addedLines(text, plan) ??
    revisedParty(text, plan)
  )
}

function revisedQuantity(text: string, plan: WritePlan): WritePlan | null {
  const match =
    re(
      `(?:(?:make|change|set)(?: it| that| this| the quantity| the qty)?(?: to| into)?|(?:only|just)) (?<qty>${NUMBER})(?: (?:pieces|units|pcs|of them))?(?: instead| please| only)?[.!]?$`,
    ).exec(text) ?? re(`(?<qty>\\d+)(?: (?:pieces|units|pcs))? instead[.!]?$`).exec(text)
  const qty = match ? readNumber(match.groups!.qty!) : null
  if (qty === null || plan.items.length !== 1) return null
  return { ...plan, items: [{ ...plan.items[0]!, qty }] }
}

function revisedDiscount(text: string, plan: WritePlan): WritePlan | null {
  if (!/\b(?:discount|off|%|percent)/i.test(text) || !knowledgeOf(plan.doctype)?.items) return null
  if (!re('(?:(?:make|change|set|give|apply|add|use|with|put)\\b|\\d).*').test(text)) return null
  const values = { ...plan.values }
  delete values.additional_discount_percentage
  delete values.discount_amount
  const revised = { ...plan, values }
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
  const match = re('(?:add|also|plus|and)(?: also| another)? (?<lines>\\d.*)$').exec(text)
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

function revisedParty(text: string, plan: WritePlan): WritePlan | null {
  const party = knowledgeOf(plan.doctype)?.party
  const match = re(
    "(?:make it |change it |do it |it'?s )?(?:for|to) (?<party>[^0-9].*?)(?: instead)?[.!]?$",
  ).exec(text)
  if (!party || !match) return null
  return { ...plan, slots: [nameSlot('party', [party.doctype], match.groups!.party!)] }
}

function re(source: string): RegExp {
  return new RegExp(LEAD + source, 'i')
}
