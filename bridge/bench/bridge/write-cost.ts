import { randomUUID } from 'node:crypto'
import type { ApplyResult, PreviewResult } from '../../src/shared/site-operations.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import { now, percentile, rounded } from './statistics.ts'

export interface Writes {
  site: string
  bearer: string
  customer: string
  item: string
  times: number
}

/** A quotation made and submitted: by two plain REST calls, and by preview and apply. Alternating. */
export async function writeCost(writes: Writes): Promise<Record<string, number>[]> {
  const plain: number[] = []
  const guarded: number[] = []
  for (let n = 0; n < writes.times + 2; n += 1) {
    const [first, second] = [await timed(() => byRest(writes)), await timed(() => byCard(writes))]
    // The first rounds warm both.
    if (n >= 2) plain.push(first)
    if (n >= 2) guarded.push(second)
  }
  return [plain, guarded].map((sample) => ({
    pairs: sample.length,
    p50: rounded(percentile(sample, 0.5)),
    p90: rounded(percentile(sample, 0.9)),
  }))
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = now()
  await work()
  return now() - start
}

function values(writes: Writes) {
  return {
    quotation_to: 'Customer',
    party_name: writes.customer,
    items: [{ item_code: writes.item, qty: 3 }],
  }
}

async function byRest(writes: Writes): Promise<void> {
  const made = await send(writes, 'POST', '/api/resource/Quotation', values(writes))
  const { name } = made.data as { name: string }
  await send(writes, 'PUT', `/api/resource/Quotation/${encodeURIComponent(name)}`, { docstatus: 1 })
}

async function byCard(writes: Writes): Promise<void> {
  const id = () => `op_${randomUUID().replaceAll('-', '')}`
  const create = { operation_id: id(), action: 'create', doctype: 'Quotation' }
  const submit = { operation_id: id(), action: 'submit', doctype: 'Quotation' }
  const operations = [
    { ...create, values: values(writes) },
    { ...submit, name: { $ref: create.operation_id } },
  ]
  const request_id = `req_${randomUUID().replaceAll('-', '')}`
  const preview = await call<PreviewResult>(writes, STEWARD_METHODS.preview, {
    request_id,
    operations,
  })
  if (preview.status !== 'previewed') throw new Error(`Refused: ${JSON.stringify(preview)}`)
  const { hash } = preview
  const done = await call<ApplyResult>(writes, STEWARD_METHODS.apply, {
    request_id,
    operations,
    hash,
  })
  if (done.status !== 'applied') throw new Error(`Not applied: ${JSON.stringify(done)}`)
}

async function call<T>(writes: Writes, method: string, body: unknown): Promise<T> {
  return (await send(writes, 'POST', `/api/method/${method}`, body)).message as T
}

async function send(
  { site, bearer }: Writes,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
  const answer = await fetch(site + path, { method, headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}
