import type { DoctypeDescription, FieldDescription } from '../../../../shared/site-protocol.ts'
import { wordsOf } from '../../routing/index.ts'
import type { Sentence } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { textAnswer, type Answer } from './answer.ts'

interface Target {
  doctype: string
  name: string
}

/** The whole document. */
export async function documentAnswer(target: Target, planner: PlannerTurn): Promise<Answer> {
  const { document } = await planner.site.call('read_record', target)
  const label = planner.vocabulary.label(document.doctype)
  const title = document.title && document.title !== document.name ? ` (${document.title})` : ''
  return {
    events: [
      { type: 'text', text: `${label} ${document.name}${title}:` },
      { type: 'document', document },
    ],
    memory: {
      documents: [{ doctype: document.doctype, name: document.name, title: document.title }],
    },
  }
}

/** One value of a document, when the sentence names a field of it. */
export async function fieldAnswer(
  sentence: Sentence,
  target: Target,
  planner: PlannerTurn,
): Promise<Answer | null> {
  const description = await planner.site.describe(target.doctype)
  const field = askedField(sentence.text, description)
  if (!field) return null
  const { document, values } = await planner.site.call('read_record', target)
  const value = values[field.fieldname]
  const memory = {
    documents: [{ doctype: document.doctype, name: document.name, title: document.title }],
  }
  const subject = `${planner.vocabulary.label(document.doctype)} ${document.name}`
  if (value === undefined || value === null || value === '') {
    return textAnswer(`${subject} has no ${field.label.toLowerCase()}.`, memory)
  }
  return textAnswer(
    `${field.label} of ${subject}: ${worded(field, value, values, planner)}.`,
    memory,
  )
}

/** Question words and what they ask for, before the labels are tried. */
function askedField(text: string, description: DoctypeDescription): FieldDescription | null {
  const known = knowledgeOf(description.doctype)
  const byName = (name: string | undefined) =>
    description.fields.find(({ fieldname }) => fieldname === name) ?? null
  if (
    /\b(?:when .*(?:due|deliver\w*|expires?|needed)|due|due date|delivery date|valid (?:till|until)|deadline)\b/.test(
      text,
    )
  ) {
    return byName(known?.due)
  }
  if (/\b(?:outstanding|still open|left to pay|unpaid|owed|owing|balance)\b/.test(text)) {
    return byName(known?.outstanding)
  }
  if (/\b(?:status|state|paid(?: yet)?|delivered(?: yet)?|billed(?: yet)?)\b/.test(text))
    return byName('status')
  if (/\b(?:who|customer|supplier|client|vendor)\b/.test(text)) return byName(known?.party?.title)
  if (/\b(?:how much|total|amount|value|worth|sum)\b/.test(text)) return byName(known?.amount)
  if (/\b(?:when|date)\b/.test(text)) return byName(known?.date)
  const asked = ` ${wordsOf(text).join(' ')} `
  return (
    description.fields
      .filter(({ label, fieldtype }) => label.length > 2 && fieldtype !== 'Table')
      .sort((a, b) => b.label.length - a.label.length)
      .find(({ label }) => asked.includes(` ${wordsOf(label).join(' ')} `)) ?? null
  )
}

function worded(
  field: FieldDescription,
  value: unknown,
  values: Record<string, unknown>,
  planner: PlannerTurn,
): string {
  const { fieldtype } = field
  if (fieldtype === 'Currency') {
    const currency = values[field.options ?? '']
    return planner.wording.money(Number(value), typeof currency === 'string' ? currency : null)
  }
  if (fieldtype === 'Date') return planner.wording.date(String(value))
  if (fieldtype === 'Percent') return `${planner.wording.number(Number(value))} %`
  if (fieldtype === 'Float' || fieldtype === 'Int') return planner.wording.number(Number(value))
  if (fieldtype === 'Check') return Number(value) ? 'yes' : 'no'
  return String(value)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
