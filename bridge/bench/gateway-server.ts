/** One server of the gateway bench, as its own process: `upstream`, `pass-through` or `gateway`. */
import { startPassThrough } from './gateway-pass-through.ts'
import { mockProvider, startGatewayStack } from './gateway-stack.ts'
import { CHUNK, startStream, startUpstream, WORDS } from './gateway-upstream.ts'

const LATENCY_MS = Number(process.env['BENCH_LATENCY_MS'] ?? 20)

const role = process.argv[2]
if (role === 'upstream') await serveUpstream()
else if (role === 'pass-through') await servePassThrough()
else if (role === 'gateway') await serveGateway()
else throw new Error('Usage: gateway-server.ts upstream|pass-through|gateway')

/** Answers after a fixed time, whole or streamed as it is asked. */
async function serveUpstream(): Promise<void> {
  const whole = JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'mock-1',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: WORDS.join('') },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 20, completion_tokens: 16, total_tokens: 36 },
  })
  const frames = WORDS.map(CHUNK.text).join('') + CHUNK.stop + CHUNK.usage + CHUNK.done
  const upstream = await startUpstream((res) => {
    const streamed = upstream.last_body.includes('"stream":true')
    setTimeout(() => {
      if (streamed) {
        startStream(res)
        res.end(frames)
      } else {
        res.writeHead(200, { 'content-type': 'application/json' })
        res.end(whole)
      }
    }, LATENCY_MS)
  })
  console.log(JSON.stringify({ url: upstream.url, token: '' }))
}

async function servePassThrough(): Promise<void> {
  const { url } = await startPassThrough(process.env['UPSTREAM_URL'] ?? '')
  console.log(JSON.stringify({ url, token: '' }))
}

async function serveGateway(): Promise<void> {
  const stack = await startGatewayStack({
    providers: [mockProvider('mock', process.env['UPSTREAM_URL'] ?? '', 1)],
    requests_per_minute: 1_000_000,
  })
  process.once('SIGTERM', () => void stack.close().then(() => process.exit(0)))
  console.log(JSON.stringify({ url: `${stack.url}/v1`, token: stack.token }))
}
