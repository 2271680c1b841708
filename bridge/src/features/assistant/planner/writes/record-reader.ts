import type { DoctypeDescription } from '../../../../shared/site-protocol.ts'
import { readDate, readNumber, Sentence, takeDateAfter } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { fieldCalled, setField } from './field-values.ts'
import { emptyPlan, nameSlot, valueSlot, type WritePlan } from './write-plan.ts'

/** Customers, suppliers, items, leads, to-dos, tasks and other records without item lines. */
export async function readRecord(
  text: string,
  doctype: string,
  planner: PlannerTurn,
): Promise<WritePlan> {
  const description = await planner.site.describe(doctype)
  const plan = emptyPlan('create', doctype)
  const sentence = new Sentence(afterDoctype(text, doctype, planner))
  takeContact(sentence, plan, description)
  takeWorkWords(sentence, plan, description, planner)
  takeNamedFields(sentence, plan, description, planner)
  nameIt(sentence, plan, description)
  namePronoun(plan, planner)
  if (doctype === 'ToDo') allocate(plan, planner.turn.person.user)
  addRequired(plan, description)
  return plan
}

/** What follows the word for the doctype: "create a new customer called …". */
function afterDoctype(text: string, doctype: string, planner: PlannerTurn): string {
  const mention = planner.vocabulary
    .mentions(text)
    .find(({ kind, value }) => kind === 'doctype' && value === doctype)
  const rest = mention
    ? text.slice(mention.end)
    : text.replace(/^\W*(?:please )?(?:remind me|todo|to-do)\b/i, '')
  return rest
    .replace(/^[\s,:-]+/, '')
    .replace(/^(?:called|named|name|with name|by the name of|titled)\s+/i, '')
}

/** An e-mail address or a telephone number says by itself what it is. */
function takeContact(sentence: Sentence, plan: WritePlan, description: DoctypeDescription): void {
  const email = sentence.take(
    /(?:[,\s]*\b(?:with |and )?(?:the )?(?:e-?mail|mail)(?: address)?(?: is)?:?)?\s*\b([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/,
  )
  const emailField = fieldCalled(description, 'email')
  if (email && emailField) plan.values[emailField.fieldname] = email[1]!
  const phone = sentence.take(
    /[,\s]*\b(?:with |and )?(?:the )?(?:phone|mobile|tel|telephone|cell)(?: (?:number|no))?\.?(?: is)?:?\s*(\+?\d[\d\s()/-]{4,}\d)/,
  )
  const phoneField = fieldCalled(description, 'mobile') ?? fieldCalled(description, 'phone')
  if (phone && phoneField) plan.values[phoneField.fieldname] = phone[1]!.trim()
}

/** Due dates, priorities and who it is for, of to-dos and tasks. */
function takeWorkWords(
  sentence: Sentence,
  plan: WritePlan,
  description: DoctypeDescription,
  planner: PlannerTurn,
): void {
  const due = knowledgeOf(plan.doctype)?.due
  if (!due || !WORK.has(plan.doctype)) return
  const date =
    takeDateAfter(sentence, 'due(?: on| by| date)?|by|until|before|on|for', planner.today) ??
    takeBareDate(sentence, planner)
  if (date) plan.values[due] = date
  const priority = sentence.take(
    /[,\s]*\b(?:with )?(?:priority:? )?(high|medium|low|urgent)(?:[ -]priority)\b|[,\s]*\b(?:with )?priority:? (high|medium|low|urgent)\b/,
  )
  const field = fieldCalled(description, 'priority')
  if (priority && field) setField(plan, field, priority[1] ?? priority[2]!, planner)
  const person = sentence.take(
    /[,\s]*\b(?:assign(?:ed)?(?: it)?|allocate[d]?) to ([\w.@ +-]+?)(?=,|$|\u0001)/,
  )
  const assignee = fieldCalled(description, 'assignee')
  if (person && assignee) setField(plan, assignee, person[1]!, planner)
}

const WORK = new Set(['ToDo', 'Task', 'Opportunity'])

function takeBareDate(sentence: Sentence, planner: PlannerTurn): string | null {
  const match = sentence.take(
    /\b(?:today|tomorrow|next (?:week|monday|tuesday|wednesday|thursday|friday)|in \d+ (?:days?|weeks?))\b/,
  )
  return match ? readDate(match[0], planner.today) : null
}

/** "in the group Retail", "territory Germany", "price 25": fields by what they are called. */
function takeNamedFields(
  sentence: Sentence,
  plan: WritePlan,
  description: DoctypeDescription,
  planner: PlannerTurn,
): void {
  for (const words of SPOKEN_FIELDS) {
    const field = fieldCalled(description, words)
    if (!field || field.fieldname in plan.values || field.fieldtype === 'Table') continue
    const pattern = new RegExp(
      `(?:[,\\s]+(?:and |with |in |for |at |from |of |worth )*|^)(?:the |an? )?\\b${words}\\b(?: (?:is|of|to|as))?:?\\s+([^,\\u0001]+?)(?=,|\\u0001|$| and (?:the )?(?:${SPOKEN_FIELDS.join('|')})\\b| with | in the )`,
    )
    const match = pattern.exec(sentence.text)
    if (!match) continue
    const end = match.index + match[0].length
    if (setField(plan, field, sentence.spelled(end - match[1]!.length, end), planner)) {
      sentence.takeSpan(match.index, end)
    }
  }
  const within = sentence.take(
    /[,\s]+(?:in|of|from) (?:the )?([\w&' -]+?) (customer group|supplier group|item group|group|category|territory|region)\b/,
  )
  const group = within && fieldCalled(description, within[2]!)
  if (group) {
    const start = within.index + within[0].lastIndexOf(within[1]!)
    setField(plan, group, sentence.spelled(start, start + within[1]!.length), planner)
  }
  const worth = sentence.take(/[,\s]+(?:worth|over|of) [$€£]?(\d[\d.,]*\s?[km]?)\b/)
  const amount = fieldCalled(description, 'amount')
  if (worth && amount) plan.values[amount.fieldname] = readNumber(worth[1]!)
}

const SPOKEN_FIELDS = [
  'customer group',
  'supplier group',
  'item group',
  'selling price',
  'payment terms',
  'unit of measure',
  'tax id',
  'vat number',
  'website',
  'territory',
  'country',
  'region',
  'category',
  'group',
  'price',
  'rate',
  'uom',
  'unit',
  'project',
  'company',
  'organization',
  'description',
  'status',
  'source',
  'designation',
  'currency',
  'subject',
  'item name',
  'brand',
]

/** What is left is the name, the subject, or the party it is for. */
function nameIt(sentence: Sentence, plan: WritePlan, description: DoctypeDescription): void {
  const rest = sentence
    .rest()
    .map(({ text }) => text.replace(/^[\s,:;-]+|[\s,:;.!-]+$/g, ''))
    .filter((text) => text && !/^(?:and|with|for|in|to|on|at|a|the)$/i.test(text))
  const text = (rest[0] ?? '')
    .replace(/^(?:to|that|about|called|named|saying|:)\s+/i, '')
    .replace(/^["'](.*)["']$/, '$1')
    .replace(/\s+(?:and|with|in|for|on|by)$/i, '')
  if (plan.doctype === 'Lead' || plan.doctype === 'Contact') return namePerson(text, plan)
  const party = knowledgeOf(plan.doctype)?.party
  if (party?.typeField) {
    const asked = text.replace(/^(?:for|with|from)\s+(?:customer )?/i, '') || null
    plan.slots.unshift({
      ...nameSlot('party', [party.doctype], asked),
      question: `Which customer is the ${plan.doctype} for?`,
    })
    return
  }
  const field = titleField(plan.doctype, description)
  if (text) plan.values[field] = plan.doctype === 'ToDo' ? capital(text) : text
  else plan.slots.unshift(valueSlot(field, 'Data', `What should the ${plan.doctype} be called?`))
}

/** "to call them", after a party was spoken of: a to-do is read where nobody knows who "them" is. */
function namePronoun(plan: WritePlan, { memory }: PlannerTurn): void {
  const title = memory?.query?.party?.title ?? memory?.documents?.at(-1)?.title
  const text = plan.values.description ?? plan.values.subject
  if (!WORK.has(plan.doctype) || typeof text !== 'string' || !title) return
  const field = plan.doctype === 'ToDo' ? 'description' : 'subject'
  plan.values[field] = text.replace(
    /\b(?:them|him|her|this customer|that customer|this supplier)\b/i,
    title,
  )
}

function titleField(doctype: string, description: DoctypeDescription): string {
  if (doctype === 'Item') return 'item_code'
  return knowledgeOf(doctype)?.title ?? description.title_field ?? 'subject'
}

/** "Jane Doe from Acme" */
function namePerson(spoken: string, plan: WritePlan): void {
  const text = spoken.replace(/^for\s+/i, '').replace(/^(?:mr|mrs|ms|miss)\.? (?=\S)/i, '')
  const [, person = text, company] = /^(.+?)\s+(?:from|of|at|,)\s+(.+)$/i.exec(text) ?? []
  const [first, ...rest] = person.split(' ').filter(Boolean)
  if (!first) {
    plan.slots.unshift(
      valueSlot('first_name', 'Data', `What is the ${plan.doctype.toLowerCase()}'s name?`),
    )
    return
  }
  plan.values.first_name = first
  if (rest.length > 0) plan.values.last_name = rest.join(' ')
  if (company) plan.values.company_name = company
}

/** ERPNext shows a to-do to whom it is for and who assigned it, and to nobody else: not even its author. */
function allocate(plan: WritePlan, user: string): void {
  const isForAnother =
    plan.values.allocated_to !== undefined ||
    plan.slots.some(({ key }) => key.endsWith('allocated_to'))
  plan.values[isForAnother ? 'assigned_by' : 'allocated_to'] = user
}

/** A required field without a default has to be asked for. */
function addRequired(plan: WritePlan, description: DoctypeDescription): void {
  for (const field of description.fields) {
    const isSet =
      field.fieldname in plan.values ||
      plan.slots.some(({ key }) => key === `field:${field.fieldname}`)
    const isParty =
      plan.slots.some(({ key }) => key === 'party') && /party|_from|_to/.test(field.fieldname)
    const ownDefault = ['naming_series', 'company', 'stock_uom', 'currency'].includes(
      field.fieldname,
    )
    if (!field.required || field.read_only || field.default || isSet || isParty || ownDefault)
      continue
    if (field.fieldtype === 'Table' || field.permlevel > 0) continue
    const slot = valueSlot(field.fieldname, field.fieldtype, `Which ${field.label.toLowerCase()}?`)
    plan.slots.push(
      field.fieldtype === 'Link' && field.options ? { ...slot, doctypes: [field.options] } : slot,
    )
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
