/** Where a question of the fault table goes. */
export interface FaultTarget {
  /** Base URL that ends in `/v1`. */
  url: string
  headers: Record<string, string>
}

/** What the caller saw. */
export interface SeenAnswer {
  /** 0 when there was no answer at all. */
  status: number
  text: string
  finish_reason: string | null
  error: string | null
  ended_with_done: boolean
  /** The connection broke under the answer. */
  broken: boolean
  /** The caller gave up waiting. */
  hung: boolean
  left_at: number | null
}

/** Longer than every deadline of the table; whoever is silent for so long hangs. */
const PATIENCE_MS = 5_000

/** Asks once, streamed; `leave` goes away after the first token. */
export async function askOnce(target: FaultTarget, leave: boolean): Promise<SeenAnswer> {
  const controller = new AbortController()
  let hung = false
  const patience = setTimeout(() => {
    hung = true
    controller.abort()
  }, PATIENCE_MS)
  const seen = { status: 0, body: '', left_at: null as number | null, broken: false }
  try {
    await read(target, controller, leave, seen)
  } catch {
    seen.broken = !hung && seen.left_at === null
  } finally {
    clearTimeout(patience)
  }
  const { status, left_at, broken } = seen
  return { status, left_at, broken, hung, ...readBody(seen.body) }
}

async function read(
  target: FaultTarget,
  controller: AbortController,
  leave: boolean,
  seen: { status: number; body: string; left_at: number | null },
): Promise<void> {
  const response = await fetch(`${target.url}/chat/completions`, {
    method: 'POST',
    signal: controller.signal,
    headers: { 'content-type': 'application/json', ...target.headers },
    body: JSON.stringify({
      model: 'steward-small',
      stream: true,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Say hello.' }],
    }),
  })
  seen.status = response.status
  const decoder = new TextDecoder()
  for await (const piece of response.body ?? []) {
    seen.body += decoder.decode(piece, { stream: true })
    if (!leave) continue
    seen.left_at = performance.now()
    controller.abort()
  }
}

interface SeenChunk {
  choices?: { delta?: { content?: string }; finish_reason?: string | null }[]
  error?: { code?: string; message?: string } | string
}

function readBody(body: string) {
  const data = body
    .split('\n\n')
    .flatMap((part) => (part.startsWith('data: ') ? [part.slice(6).trim()] : []))
  const texts = data.length > 0 ? data.filter((one) => one !== '[DONE]') : [body || '{}']
  const chunks = texts.map(parsed)
  const choices = chunks.map((chunk) => chunk.choices?.[0])
  const error = chunks.find((chunk) => chunk.error)?.error
  return {
    text: choices.map((choice) => choice?.delta?.content ?? '').join(''),
    finish_reason: choices.map((choice) => choice?.finish_reason).find((reason) => reason) ?? null,
    error: typeof error === 'string' ? error : (error?.code ?? error?.message ?? null),
    ended_with_done: data.at(-1) === '[DONE]',
  }
}

/** What no client could read is an error of its own. */
function parsed(text: string): SeenChunk {
  try {
    return JSON.parse(text) as SeenChunk
  } catch {
    return { error: { code: 'unreadable' } }
  }
}
