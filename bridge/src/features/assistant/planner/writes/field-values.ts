import type { DoctypeDescription, FieldDescription } from '../../../../shared/site-protocol.ts'
import { fold, wordsOf } from '../../routing/index.ts'
import { readDate, readNumber } from '../language/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { WritePlan } from './write-plan.ts'

/** What people call fields besides their labels. */
const FIELD_WORDS: Record<string, string[]> = {
  mobile_no: ['mobile', 'phone', 'mobile number', 'phone number', 'cell', 'telephone'],
  phone: ['phone', 'phone number', 'telephone', 'landline'],
  email_id: ['email', 'e-mail', 'email address', 'mail'],
  customer_group: ['customer group', 'group'],
  supplier_group: ['supplier group', 'group'],
  item_group: ['item group', 'group', 'category'],
  stock_uom: ['unit', 'uom', 'unit of measure'],
  standard_rate: ['price', 'rate', 'selling price', 'selling rate', 'standard rate'],
  company_name: ['company', 'organization', 'organisation'],
  allocated_to: ['assignee', 'allocated to', 'assigned to', 'assign to'],
  exp_end_date: ['due date', 'deadline', 'end date', 'due'],
  exp_start_date: ['start date'],
  date: ['due date', 'date', 'deadline'],
  tax_id: ['tax id', 'vat number', 'vat id', 'tax number'],
  opportunity_amount: ['amount', 'value', 'worth'],
  additional_discount_percentage: ['discount'],
  delivery_date: ['delivery date', 'delivery'],
  schedule_date: ['required by', 'required date', 'needed by', 'schedule date', 'delivery date'],
  valid_till: ['valid till', 'valid until', 'validity', 'expiry', 'expiry date'],
  due_date: ['due date', 'payment due date'],
  transaction_date: ['date', 'order date'],
  posting_date: ['date', 'posting date'],
  po_no: ['po number', 'po no', 'purchase order number', "customer's po"],
  bill_no: ['bill number', 'bill no', 'supplier invoice number'],
  website: ['website', 'web site', 'homepage'],
  payment_terms: ['payment terms'],
  payment_terms_template: ['payment terms', 'terms of payment', 'terms'],
  territory: ['territory', 'region'],
  description: ['description'],
  status: ['status', 'state'],
  priority: ['priority'],
}

/** The field of a doctype that these words name; the label first, then what people call it. */
export function fieldCalled(
  description: DoctypeDescription,
  words: string,
): FieldDescription | null {
  const asked = wordsOf(words).join(' ')
  const usable = description.fields.filter(({ fieldtype }) => !LAYOUT.has(fieldtype))
  const byLabel = usable.filter(
    ({ label, fieldname }) =>
      wordsOf(label).join(' ') === asked || fieldname === fold(words).replaceAll(' ', '_'),
  )
  const byWord = usable.filter(({ fieldname }) =>
    (FIELD_WORDS[fieldname] ?? []).some((word) => wordsOf(word).join(' ') === asked),
  )
  const shorter = words.replace(/\s+(?:date|number|name|no)$/i, '')
  return byLabel[0] ?? byWord[0] ?? (shorter === words ? null : fieldCalled(description, shorter))
}

const LAYOUT = new Set(['Section Break', 'Column Break', 'Tab Break', 'HTML', 'Button', 'Fold'])

/**
 * Puts a spoken value into the plan as its field wants it: names of links become slots to resolve.
 * Returns false when it is no value of that field.
 */
export function setField(
  plan: WritePlan,
  field: FieldDescription,
  spoken: string,
  planner: PlannerTurn,
): boolean {
  const text = spoken
    .trim()
    .replace(/^["'](.*)["']$/, '$1')
    .replace(/[.!]+$/, '')
  if (field.fieldtype === 'Link' || field.fieldtype === 'Dynamic Link') {
    const target = field.options ?? ''
    if (!target) return false
    const asked =
      target === 'User' && /^(?:me|myself)$/i.test(text) ? planner.turn.person.user : text
    plan.slots.push({
      key: `field:${field.fieldname}`,
      doctypes: [target],
      asked,
      question: `Which ${field.label.toLowerCase()}?`,
      fieldtype: 'Link',
    })
    return true
  }
  const value = plainValue(field, text, planner)
  if (value === null) return false
  plan.values[field.fieldname] = value
  return true
}

function plainValue(field: FieldDescription, text: string, planner: PlannerTurn): unknown {
  const { fieldtype } = field
  if (fieldtype === 'Date' || fieldtype === 'Datetime') return readDate(text, planner.today)
  if (fieldtype === 'Select') {
    const options = (field.options ?? '').split('\n')
    return options.find((option) => option && fold(option) === fold(text)) ?? null
  }
  if (fieldtype === 'Check') return /^(?:yes|true|on|1|enabled?)$/i.test(text) ? 1 : 0
  if (['Currency', 'Float', 'Int', 'Percent'].includes(fieldtype)) {
    const digits = /-?\d[\d.,']*(?:\s?[km])?\b/i.exec(text)
    return digits ? readNumber(digits[0]) : readNumber(text)
  }
  return text || null
}
