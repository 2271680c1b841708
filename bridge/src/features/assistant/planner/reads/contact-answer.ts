import { bestName, type ResolvedName } from '../names.ts'
import { pronounTarget } from '../mentioned-documents.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { textAnswer, type Answer } from './answer.ts'
import { documentAnswer } from './document-answer.ts'

const WHAT =
  '(?<what>phone(?: number)?|telephone(?: number)?|mobile(?: number)?|cell(?: number)?|number|e-?mail(?: address)?|mail address|address|contact(?: person| details)?|website|tax id|vat (?:number|id)|territory|customer group|supplier group|group|credit limit|payment terms|currency)'
const PATTERNS = [
  new RegExp(
    `\\b${WHAT} (?:of|for|from|do we have for) (?:the )?(?:(?<type>customer|supplier|client|vendor|lead|employee|contact) )?(?<name>.+?)\\W*$`,
    'i',
  ),
  new RegExp(`\\b(?<name>[\\p{L}\\d&' .-]+?)(?:'s|’s) ${WHAT}\\W*$`, 'iu'),
  /\b(?:which|what) (?<what>customer group|supplier group|territory|group|country|payment terms|currency|website|tax id) (?:does|is|has) (?<name>.+?)(?: belong to| in| have)?\W*$/i,
  /\b(?:how|where) (?:can|do) (?:i|we) (?<what>reach|call|phone|email|contact) (?<name>.+?)\W*$/i,
]
const OPEN =
  /^\W*(?:please |can you )*(?:show|open|find|look up|view|see|display|pull up|who is|tell me about|details (?:of|for|on)|info(?:rmation)? (?:on|about|for))(?: me)?(?: the)? (?<type>customer|supplier|client|vendor|item|product|lead|employee|contact|project|task)(?: called| named)? (?<name>.+?)\W*$/i

const TYPES: Record<string, string> = {
  customer: 'Customer',
  client: 'Customer',
  supplier: 'Supplier',
  vendor: 'Supplier',
  lead: 'Lead',
  employee: 'Employee',
  contact: 'Contact',
  item: 'Item',
  product: 'Item',
  project: 'Project',
  task: 'Task',
}

/** "phone of X", "Alder's e-mail", "open customer X". */
export async function contactAnswer(text: string, planner: PlannerTurn): Promise<Answer | null> {
  for (const pattern of PATTERNS) {
    const groups = pattern.exec(text)?.groups
    if (!groups?.name || !groups.what) continue
    const type = groups.type
      ? [TYPES[groups.type.toLowerCase()]!]
      : ['Customer', 'Supplier', 'Lead', 'Contact']
    const name = groups.name.replace(/^(?:what is|what's|show me|give me|the) /i, '')
    const owner = await ownerCalled(type, name, planner)
    if (owner) return valueOf(owner, groups.what.toLowerCase(), planner)
  }
  const open = OPEN.exec(text)?.groups
  if (!open) return null
  const found = await bestName(planner.site, TYPES[open.type!.toLowerCase()]!, open.name!)
  return found ? documentAnswer(found.match, planner) : null
}

async function ownerCalled(
  doctypes: string[],
  asked: string,
  planner: PlannerTurn,
): Promise<ResolvedName | null> {
  if (/^(?:it|them|him|her|this (?:customer|supplier|client|vendor|lead))$/i.test(asked)) {
    for (const doctype of doctypes) {
      const open = pronounTarget('this', planner, doctype)
      if (open) return { ...open, title: open.name }
    }
    return planner.memory?.query?.party ?? null
  }
  for (const doctype of doctypes) {
    const found = await bestName(planner.site, doctype, asked)
    if (found) return found.match
  }
  return null
}

const FIELDS: [pattern: RegExp, fields: string[], label: string][] = [
  [/phone|mobile|cell|number|call|reach/, ['mobile_no', 'phone', 'cell_number'], 'phone number'],
  [/mail/, ['email_id', 'personal_email', 'company_email'], 'e-mail address'],
  [
    /address/,
    ['primary_address', 'customer_primary_address', 'supplier_primary_address', 'city'],
    'address',
  ],
  [/contact/, ['customer_primary_contact', 'supplier_primary_contact', 'mobile_no'], 'contact'],
  [/website/, ['website'], 'website'],
  [/tax|vat/, ['tax_id'], 'tax id'],
  [/territory/, ['territory', 'country'], 'territory'],
  [/group/, ['customer_group', 'supplier_group'], 'group'],
  [/payment terms/, ['payment_terms'], 'payment terms'],
  [/currency/, ['default_currency'], 'currency'],
  [/credit limit/, ['credit_limits'], 'credit limit'],
]

async function valueOf(owner: ResolvedName, what: string, planner: PlannerTurn): Promise<Answer> {
  const entry = FIELDS.find(([pattern]) => pattern.test(what))!
  const { values } = await planner.site.call('read_record', {
    doctype: owner.doctype,
    name: owner.name,
  })
  const memory = { documents: [owner] }
  const own = entry[1].map((field) => plainValue(values[field], planner)).find(Boolean)
  const value = own ?? (await ofContact(owner, entry[1], planner))
  if (!value) return textAnswer(`${owner.title} has no ${entry[2]} in ERPNext.`, memory)
  return textAnswer(`${owner.title}: ${entry[2]} ${value}.`, memory)
}

function plainValue(value: unknown, planner: PlannerTurn): string | null {
  if (Array.isArray(value)) {
    const limit = (value[0] as Record<string, unknown> | undefined)?.credit_limit
    return typeof limit === 'number' ? planner.wording.money(limit) : null
  }
  if (typeof value !== 'string' || !value) return null
  return value
    .replaceAll(/<[^>]*>/g, ', ')
    .replaceAll(/(?:,\s*)+/g, ', ')
    .replace(/, $/, '')
    .trim()
}

/** Telephone and e-mail often stand on a contact linked to the party only. */
async function ofContact(
  owner: ResolvedName,
  fields: string[],
  planner: PlannerTurn,
): Promise<string | null> {
  const wanted = ['mobile_no', 'phone', 'email_id'].filter((field) => fields.includes(field))
  if (wanted.length === 0 || owner.doctype === 'Contact') return null
  const { table } = await planner.site.call('list_records', {
    doctype: 'Contact',
    fields: ['name', ...wanted],
    filters: [
      ['links.link_doctype', '=', owner.doctype],
      ['links.link_name', '=', owner.name],
    ],
    order_by: 'is_primary_contact desc',
    limit: 5,
  })
  for (const row of table.rows) {
    const value = wanted.map((field) => plainValue(row[field], planner)).find(Boolean)
    if (value) return value
  }
  return null
}
