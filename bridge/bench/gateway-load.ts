import { Agent, request } from 'undici'
import { LAST_WORD } from './gateway-upstream.ts'

/** A server to put load on, and how to ask what it used. */
export interface Target {
  name: string
  url: string
  headers: Record<string, string>
  usage(): Promise<{ cpu_ms: number; rss_mb: number }>
  /** A short run whose figures are thrown away. */
  warmUp?: boolean
}

export interface LoadResult {
  /** Complete answers only. */
  per_second: number
  p50: number
  p99: number
  first_p50: number
  cpu_ms: number
  /** Answered something else than status 200, or not at all. */
  refused: number
  /** Status 200 without the whole answer: text, finish reason or closing event are missing. */
  cut: number
}

interface Sample {
  total: number
  first: number
  verdict: 'complete' | 'cut' | 'refused'
}

const agent = new Agent({ connections: 256, headersTimeout: 30_000, bodyTimeout: 30_000 })

/** Requests start at a steady rate, whether or not earlier ones are done. */
export async function openLoop(
  target: Target,
  options: { perSecond: number; seconds: number; stream: boolean },
): Promise<LoadResult> {
  const count = options.perSecond * (target.warmUp ? 1 : options.seconds)
  const running: Promise<Sample>[] = []
  return measured(target, async () => {
    const start = performance.now()
    for (let index = 0; index < count; index += 1) {
      const due = start + (index * 1000) / options.perSecond
      const wait = due - performance.now()
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
      running.push(ask(target, options.stream))
    }
    return Promise.all(running)
  })
}

/** So many clients, each asking again as soon as it has its answer. */
export async function closedLoop(
  target: Target,
  options: { clients: number; seconds?: number; requests?: number; stream: boolean },
): Promise<LoadResult> {
  const until =
    performance.now() + 1000 * (target.warmUp ? 1 : (options.seconds ?? Number.POSITIVE_INFINITY))
  let left = options.requests ?? Number.POSITIVE_INFINITY
  const client = async (): Promise<Sample[]> => {
    const samples: Sample[] = []
    while (performance.now() < until && left > 0) {
      left -= 1
      samples.push(await ask(target, options.stream))
    }
    return samples
  }
  return measured(target, async () => {
    const all = await Promise.all(Array.from({ length: options.clients }, client))
    return all.flat()
  })
}

async function measured(target: Target, run: () => Promise<Sample[]>): Promise<LoadResult> {
  const before = await target.usage()
  const start = performance.now()
  const samples = await run()
  const seconds = (performance.now() - start) / 1000
  const after = await target.usage()
  const good = samples.filter((sample) => sample.verdict === 'complete')
  const count = (verdict: Sample['verdict']) =>
    samples.filter((sample) => sample.verdict === verdict).length
  return {
    per_second: good.length / seconds,
    p50: quantile(
      good.map((sample) => sample.total),
      0.5,
    ),
    p99: quantile(
      good.map((sample) => sample.total),
      0.99,
    ),
    first_p50: quantile(
      good.map((sample) => sample.first),
      0.5,
    ),
    cpu_ms: (after.cpu_ms - before.cpu_ms) / samples.length,
    refused: count('refused'),
    cut: count('cut'),
  }
}

const BODY = {
  model: 'steward-small',
  max_tokens: 100,
  messages: [
    { role: 'system', content: 'You help people with ERPNext. Answer briefly.' },
    { role: 'user', content: 'Which customers owe us most, and since when?' },
  ],
}
const WHOLE = JSON.stringify(BODY)
const STREAMED = JSON.stringify({ ...BODY, stream: true, stream_options: { include_usage: true } })

async function ask(target: Target, stream: boolean): Promise<Sample> {
  const start = performance.now()
  let first = 0
  const sample = (verdict: Sample['verdict']): Sample => ({
    total: performance.now() - start,
    first,
    verdict,
  })
  try {
    const answer = await request(target.url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...target.headers },
      body: stream ? STREAMED : WHOLE,
    })
    let text = ''
    for await (const piece of answer.body) {
      first ||= performance.now() - start
      text += String(piece)
    }
    if (answer.statusCode !== 200) return sample('refused')
    return sample(isComplete(text, stream) ? 'complete' : 'cut')
  } catch {
    return sample('refused')
  }
}

/** The same for every server: the last word, the finish reason, and the end of the form. */
function isComplete(text: string, stream: boolean): boolean {
  const said = text.includes(LAST_WORD) && /"finish_reason":\s*"stop"/.test(text)
  return said && (stream ? text.includes('data: [DONE]') : text.trimEnd().endsWith('}'))
}

function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
