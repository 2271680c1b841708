import { randomUUID } from 'node:crypto'
import type { ApplyResult, PreviewResult } from '../../src/shared/site-protocol.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import { now, percentile, rounded } from './statistics.ts'

export interface Writes {
  site: string
  bearer: string
  customer: string
  item: string
  times: number
}

const WARM_UP = 2

/** A quotation made and submitted: by two plain REST calls, and by preview and apply. Alternating. */
export async function writeCost(writes: Writes): Promise<Record<string, number>[]> {
  const plain: number[] = []
  const guarded: number[] = []
  const made: string[] = []
  for (let n = 0; n < writes.times + WARM_UP; n += 1) {
    for (const [way, sample] of [[byRest, plain] as const, [byCard, guarded] as const]) {
      const start = now()
      made.push(await way(writes))
      if (n >= WARM_UP) sample.push(now() - start)
    }
  }
  for (const name of made) await remove(writes, name)
  return [plain, guarded].map((sample) => ({
    pairs: sample.length,
    p50: rounded(percentile(sample, 0.5)),
    p90: rounded(percentile(sample, 0.9)),
  }))
}

function values(writes: Writes) {
  return {
    quotation_to: 'Customer',
    party_name: writes.customer,
    items: [{ item_code: writes.item, qty: 3 }],
  }
}

async function byRest(writes: Writes): Promise<string> {
  const made = await send(writes, 'POST', '/api/resource/Quotation', values(writes))
  const { name } = made.data as { name: string }
  await send(writes, 'PUT', `/api/resource/Quotation/${encodeURIComponent(name)}`, { docstatus: 1 })
  return name
}

async function byCard(writes: Writes): Promise<string> {
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
  return String(done.outcomes[0]?.name)
}

async function remove(writes: Writes, name: string): Promise<void> {
  const path = `/api/resource/Quotation/${encodeURIComponent(name)}`
  await send(writes, 'PUT', path, { docstatus: 2 })
  await send(writes, 'DELETE', path, {})
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
