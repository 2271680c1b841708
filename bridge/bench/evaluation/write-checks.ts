import type { ExpectedProposal } from './cases.ts'
import type { ExpectedData } from './expected-data.ts'
import type { Verdict } from './read-checks.ts'
import type { Reply, Talk } from './talk.ts'

/** The proposal is what was asked for, and approving it leaves ERPNext in that state. */
export async function checkProposal(
  expected: ExpectedProposal,
  card: number,
  reply: Reply,
  talk: Talk,
  data: ExpectedData,
): Promise<Verdict> {
  const at = expected.operation ?? 0
  const operation = reply.proposals[card]?.operations[at]
  if (!operation) return `nothing proposed: ${reply.question?.text ?? reply.text}`
  if (operation.action !== expected.action || operation.doctype !== expected.doctype) {
    return `${operation.action} ${operation.doctype}`
  }
  const name = expected.name && data.fixture(expected.name)
  if (name && operation.name !== name) return `on ${String(operation.name)}, expected ${name}`
  const source = expected.source && data.fixture(expected.source)
  if (source && operation.source?.name !== source)
    return `made from ${String(operation.source?.name)}`
  const applied = await talk.approve(card)
  if (applied.status !== 'applied') return `not applied: ${JSON.stringify(applied).slice(0, 200)}`
  const outcome = applied.outcomes[at]!
  if (expected.action === 'delete') return null
  const saved = data.document(outcome.doctype, outcome.name!)
  if (expected.action === 'submit') return saved.docstatus === 1 ? null : 'not submitted'
  if (expected.action === 'cancel') return saved.docstatus === 2 ? null : 'not cancelled'
  return differences(expected, saved)
}

function differences(expected: ExpectedProposal, saved: Record<string, unknown>) {
  if (expected.adds) {
    const rows = (saved.items ?? []) as Record<string, unknown>[]
    return rows.some((row) => row.item_code === expected.adds) ? null : `no row ${expected.adds}`
  }
  for (const [field, value] of Object.entries(expected.values)) {
    const wrong = Array.isArray(value)
      ? rowDifference(value as Record<string, unknown>[], saved[field])
      : same(saved[field], value)
        ? null
        : `${field} is ${String(saved[field])}, expected ${String(value)}`
    if (wrong) return wrong
  }
  return null
}

function rowDifference(expected: Record<string, unknown>[], saved: unknown): Verdict {
  const rows = (saved ?? []) as Record<string, unknown>[]
  if (rows.length !== expected.length) return `${rows.length} rows, expected ${expected.length}`
  for (const [index, row] of expected.entries()) {
    for (const [field, value] of Object.entries(row)) {
      if (!same(rows[index]![field], value)) {
        return `row ${index + 1}: ${field} is ${String(rows[index]![field])}, expected ${String(value)}`
      }
    }
  }
  return null
}

function same(saved: unknown, expected: unknown): boolean {
  if (typeof expected === 'number') return Math.abs(Number(saved) - expected) < 0.005
  return (
    String(saved ?? '')
      .replaceAll(/<[^>]*>/g, '')
      .trim() === String(expected)
  )
}
