import { randomUUID } from 'node:crypto'
import type { ApplyResult, PreviewResult } from '../../src/shared/site-protocol.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import { now, percentile, rounded } from './statistics.ts'

export interface Writes {
  site: string
  bearer: string
  customer: string
  item: string
  /** Rows of the quotation. */
  rows: number
  times: number
}

export interface WriteCost {
  plain: Spread
  guarded: Spread
  /** Of the pairs measured one right after the other: preview and apply to plain. */
  ratio: { median: number; 'half of the pairs': string }
}

interface Spread {
  pairs: number
  p10: number
  p50: number
  p90: number
}

/** Enough for each of a site's workers to have done both once. */
const WARM_UP = 6

/**
 * A quotation made and submitted: by two plain REST calls, and by preview and apply. A pair is the
 * one right after the other, and which comes first alternates, so that a machine that gets slower or
 * busier in the meantime does so for both.
 */
export async function writeCost(writes: Writes): Promise<WriteCost> {
  const plain: number[] = []
  const guarded: number[] = []
  const made: string[] = []
  const timed = async (way: typeof byRest, sample: number[]): Promise<void> => {
    const start = now()
    made.push(await way(writes))
    sample.push(now() - start)
  }
  for (let n = 0; n < writes.times + WARM_UP; n += 1) {
    const ways = [[byRest, plain] as const, [byCard, guarded] as const]
    for (const [way, sample] of n % 2 ? ways : ways.reverse()) await timed(way, sample)
  }
  for (const name of made) await remove(writes, name)
  return compared(plain.slice(WARM_UP), guarded.slice(WARM_UP))
}

function compared(plain: number[], guarded: number[]): WriteCost {
  const ratios = guarded.map((took, pair) => took / (plain[pair] ?? Number.NaN))
  const at = (share: number): number => rounded(percentile(ratios, share))
  return {
    plain: spread(plain),
    guarded: spread(guarded),
    ratio: { median: at(0.5), 'half of the pairs': `${at(0.25)} to ${at(0.75)}` },
  }
}

function spread(sample: number[]): Spread {
  const at = (share: number): number => rounded(percentile(sample, share))
  return { pairs: sample.length, p10: at(0.1), p50: at(0.5), p90: at(0.9) }
}

function values(writes: Writes) {
  return {
    quotation_to: 'Customer',
    party_name: writes.customer,
    items: Array.from({ length: writes.rows }, () => ({ item_code: writes.item, qty: 3 })),
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
