import { bestName, type ResolvedName } from '../names.ts'
import { pronounTarget } from '../mentioned-documents.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { textAnswer, type Answer } from './answer.ts'
import { emptyQuery } from './read-query.ts'

const OWES_US = [
  /\b(?:how much|what)(?:'s| is| does| do| did)? (?:does |do |is )?(?:the )?(?:customer )?(?<name>.+?) (?:still )?(?:owes?|owing)(?: to)? ?(?:us|me|you)?(?: (?:right )?now| today| in total| currently)?\W*$/i,
  /\b(?:how much|what) (?:are we|am i) (?:still )?owed by (?<name>.+?)\W*$/i,
  /\b(?:outstanding|open|unpaid|receivable)(?: amount| balance)? (?:of|for|from) (?:customer )?(?<name>.+?)\W*$/i,
  /\b(?:balance|debt) (?:of|for) (?:customer )?(?<name>.+?)\W*$/i,
  /\b(?<name>[\w&' -]+?)(?:'s) (?:outstanding|open|unpaid)?(?: ?amount| ?balance)\W*$/i,
]
const WE_OWE = [
  /\b(?:how much|what) do (?:we|i) (?:still )?owe(?: to)? (?:supplier )?(?<name>.+?)(?: (?:right )?now| today| in total| currently)?\W*$/i,
  /\b(?:balance|debt|payable|outstanding)(?: amount| balance)? (?:of|for|to|with) (?:supplier|vendor) (?<name>.+?)\W*$/i,
]
const EVERYONE =
  /^(?:we|they all|customers?|our customers|everyone|everybody|all customers|all|people|clients|suppliers?|our suppliers|all suppliers|in total|them all|the most|most)$/i

/** "what does X owe us", "how much do we owe Y": what is open on submitted invoices. */
export async function balanceAnswer(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const owed = named(WE_OWE, text)
  if (owed) return openWith('Supplier', owed, planner)
  const owing = named(OWES_US, text)
  if (!owing) return null
  const customer = await openWith('Customer', owing, planner)
  if (customer) return customer
  return /\b(?:balance|outstanding)\b/i.test(text) ? openWith('Supplier', owing, planner) : null
}

function named(patterns: RegExp[], text: string): string | null {
  for (const pattern of patterns) {
    const name = pattern.exec(text)?.groups?.name?.trim()
    if (
      name &&
      !EVERYONE.test(name) &&
      !/\b(?:invoices?|orders?|bills?|which|who|customers)\b/i.test(name)
    ) {
      return name.replace(/^(?:the|our|does|do|is) /i, '')
    }
  }
  return null
}

async function openWith(
  doctype: 'Customer' | 'Supplier',
  asked: string,
  planner: PlannerTurn,
): Promise<Answer | null> {
  const party = await partyCalled(doctype, asked, planner)
  if (!party) return null
  const invoice = doctype === 'Customer' ? 'Sales Invoice' : 'Purchase Invoice'
  const field = doctype === 'Customer' ? 'customer' : 'supplier'
  const { table } = await planner.site.call('aggregate', {
    doctype: invoice,
    filters: [
      ['docstatus', '=', 1],
      ['outstanding_amount', '!=', 0],
      [field, '=', party.name],
    ],
    measures: [
      { function: 'sum', field: 'outstanding_amount', as: 'figure' },
      { function: 'count', as: 'documents' },
    ],
  })
  const row = table.rows[0] ?? {}
  const count = Number(row.documents ?? 0)
  const currency = table.columns.find(({ key }) => key === 'figure')?.options ?? null
  const amount = planner.wording.money(Number(row.figure ?? 0), currency)
  const label = planner.vocabulary.label(invoice)
  const invoices = `${planner.wording.number(count)} unpaid ${label}${count === 1 ? '' : 's'}`
  const query = emptyQuery(invoice, 'list')
  query.statuses = ['unpaid']
  query.party = { ...party, field }
  const memory = { query, documents: [party] }
  if (count === 0) {
    const nothing =
      doctype === 'Customer' ? `${party.title} owes nothing` : `Nothing is owed to ${party.title}`
    return textAnswer(`${nothing}: there is no unpaid ${label}.`, memory)
  }
  const sentence =
    doctype === 'Customer'
      ? `${party.title} owes ${amount} on ${invoices}.`
      : `You owe ${party.title} ${amount} on ${invoices}.`
  return textAnswer(sentence, memory)
}

async function partyCalled(
  doctype: string,
  asked: string,
  planner: PlannerTurn,
): Promise<ResolvedName | null> {
  if (
    /^(?:they|them|he|she|it|this customer|that customer|this supplier|the customer|this client)$/i.test(
      asked,
    )
  ) {
    const open = pronounTarget('this', planner, doctype)
    if (open) return { ...open, title: open.name }
    const before = planner.memory?.query?.party
    return before?.doctype === doctype ? before : null
  }
  const found = await bestName(planner.site, doctype, asked)
  return found?.match ?? null
}
