import type { EvaluationCase } from './cases.ts'
import type { ExpectedData } from './expected-data.ts'
import { checkFigure, checkRows, checkTop, checkValue, says, type Verdict } from './read-checks.ts'
import type { Reply, Talk } from './talk.ts'
import { checkProposal } from './write-checks.ts'

/** Compares the last reply of a case with what the sandbox's store says is right. */
export async function check(
  { expect, classes }: EvaluationCase,
  reply: Reply,
  talk: Talk,
  data: ExpectedData,
): Promise<Verdict> {
  if (expect.says && !new RegExp(expect.says, 'i').test(reply.text)) return `says "${reply.text}"`
  if (expect.proposal) return checkProposal(expect.proposal, 0, reply, talk, data)
  if (expect.proposals) return checkParts({ expect, classes }, reply, talk, data)
  if (expect.ask_or_proposal) return reply.proposal || reply.question ? null : reply.text
  if (reply.proposal) return `proposes ${reply.proposal.summary}`
  if (expect.ask) return checkAsk(expect.ask, reply)
  if (expect.rows) return checkRows(expect.rows, reply, data)
  if (expect.figure) return checkFigure(expect.figure, reply, data)
  if (expect.top) return checkTop(expect.top, reply, data)
  if (expect.value) return checkValue(expect.value, reply, data)
  if (expect.report) {
    // A site without that report is told so by its name.
    return reply.text.includes(expect.report) ? null : reply.text
  }
  if (expect.price) return checkPrice(reply, data)
  if (expect.stock) return checkStock(expect.stock, reply, data)
  if (expect.contact) return checkContact(expect.contact, reply, data)
  if (expect.document) return checkDocument(expect.document, reply, data)
  if (expect.outside)
    return reply.route.class === 'out_of_scope' ? null : `read as ${reply.route.class}`
  return reply.text || reply.passed || classes.length === 0 ? null : 'says nothing'
}

/** A card for each part, and what the other parts are to show. */
async function checkParts(
  { expect, classes }: Pick<EvaluationCase, 'expect' | 'classes'>,
  reply: Reply,
  talk: Talk,
  data: ExpectedData,
): Promise<Verdict> {
  const { proposals = [], says: _, ...others } = expect
  if (reply.proposals.length !== proposals.length) return `${reply.proposals.length} cards`
  const shown = { ...reply, proposal: null, proposals: [] }
  const one = { expect: others, classes } as EvaluationCase
  const wrong = Object.keys(others).length > 0 ? await check(one, shown, talk, data) : null
  if (wrong) return wrong
  for (const [card, expected] of proposals.entries()) {
    const verdict = await checkProposal(expected, card, reply, talk, data)
    if (verdict) return `card ${card + 1}: ${verdict}`
  }
  return null
}

function checkAsk(options: string[], reply: Reply): Verdict {
  if (!reply.question && !/\?$|^I found no/.test(reply.text)) return `does not ask: ${reply.text}`
  const offered = reply.question?.options.map(({ value }) => value) ?? []
  const missing = options.filter((option) => !offered.includes(option))
  return missing.length > 0 ? `does not offer ${missing.join(', ')}` : null
}

function checkPrice(reply: Reply, data: ExpectedData): Verdict {
  const item = /DESK-140|Desk Oak 140/.test(reply.text) ? 'DESK-140' : 'DESK-SIT-STAND'
  const [price] = data.rows(
    'Item Price',
    [
      ['item_code', '=', item],
      ['price_list', '=', 'Standard Selling'],
    ],
    ['price_list_rate'],
  )
  return says(reply, Number(price?.price_list_rate), false) ? null : reply.text
}

function checkStock(item: string, reply: Reply, data: ExpectedData): Verdict {
  const bins = data.rows('Bin', [['item_code', '=', item]], ['actual_qty'])
  const on = bins.reduce((sum, bin) => sum + Number(bin.actual_qty), 0)
  return says(reply, on, false) ? null : `"${reply.text}", expected ${on}`
}

function checkContact(
  { customer, field }: { customer: string; field: 'phone' | 'email' },
  reply: Reply,
  data: ExpectedData,
): Verdict {
  const names = field === 'phone' ? ['mobile_no', 'phone'] : ['email_id']
  const links = data.rows('Dynamic Link', [['link_name', '=', customer]], ['parent', 'parenttype'])
  const documents = [
    data.document('Customer', customer),
    ...links
      .filter(({ parenttype }) => parenttype === 'Contact')
      .map(({ parent }) => data.document('Contact', String(parent))),
  ]
  const values = documents
    .flatMap((document) => names.map((name) => document[name]))
    .filter(Boolean)
  if (values.length === 0) return /\bno\b/.test(reply.text) ? null : reply.text
  return values.some((value) => reply.text.includes(String(value)))
    ? null
    : `"${reply.text}", expected ${String(values[0])}`
}

function checkDocument(
  { doctype, name }: { doctype: string; name?: string | undefined },
  reply: Reply,
  data: ExpectedData,
): Verdict {
  const shown = reply.documents[0]
  if (!shown) return `no document: ${reply.text}`
  const right = shown.doctype === doctype && (!name || shown.name === data.fixture(name))
  return right ? null : `${shown.doctype} ${shown.name}`
}
