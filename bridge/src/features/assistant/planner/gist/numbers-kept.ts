import type { PlannerTurn } from '../planner-turn.ts'
import type { WritePlan } from '../writes/write-plan.ts'
import { readGist } from './gist.ts'

/** Kinds whose words are the person's own, or whose numbers are telephones and the like. */
const FREE = new Set(['ToDo', 'Task', 'Note', 'Event', 'Issue', 'Project', 'Opportunity'])
const RECORDS = new Set(['Customer', 'Supplier', 'Lead', 'Contact', 'Address', 'Employee', 'Item'])

/** Every number and day that was said stands in the plan: none is dropped without a word. */
export function keepsNumbers(plan: WritePlan, text: string, planner: PlannerTurn): boolean {
  const isFree = FREE.has(plan.doctype) || (plan.action === 'create' && RECORDS.has(plan.doctype))
  const gist = isFree ? null : readGist(text, planner)
  if (!gist) return true
  const { name, from, values, items, slots, rows } = plan
  const held = JSON.stringify({ name, from, values, items, slots, rows })
  const said = [
    ...gist.lines.flatMap(({ qty, rate }) => (rate === null ? [qty] : [qty, rate])),
    ...gist.amounts,
    ...(gist.percent === null ? [] : [gist.percent]),
  ]
  const holds = (number: number) => new RegExp(`(?<![\\d.])-?${number}(?![\\d.])`).test(held)
  return (
    said.every((number) => number === 1 || holds(number)) &&
    gist.days.every((day) => held.includes(day))
  )
}
