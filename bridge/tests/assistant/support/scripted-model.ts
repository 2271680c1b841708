import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createModels } from '../../../src/platform/models/index.ts'
import type { ModelGateway } from '../../../src/features/assistant/ports.ts'

export interface WireMessage {
  role: string
  content: string | { type: string; text: string }[] | null
  tool_calls?: { id: string; function: { name: string; arguments: string } }[]
}

/** One answer of the scripted model. */
export interface Reply {
  text?: string
  calls?: { name: string; args: unknown }[]
  /** Break the connection after the text. */
  drop?: boolean
  /** Refuse with this status instead. */
  status?: number
}

export interface ScriptedModel {
  /** Base address, for a bridge that calls it by itself. */
  url: string
  gateway: ModelGateway
  /** Bodies it was sent, in order. */
  requests: { messages: WireMessage[]; tools?: unknown[]; stream?: boolean }[]
  stop(): Promise<void>
}

/** A provider on loopback, reached through the real adapter; `script` decides each answer. */
export async function startScriptedModel(
  script: (messages: WireMessage[]) => Reply,
): Promise<ScriptedModel> {
  const requests: ScriptedModel['requests'] = []
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ScriptedModel['requests'][number]
    requests.push(body)
    send(res, script(body.messages))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const models = createModels({ allow_private_endpoints: true })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const connection = {
    name: 'scripted',
    kind: 'openai_compatible' as const,
    base_url: url,
    api_key: 'none',
  }
  return {
    url,
    requests,
    gateway: {
      tiers: async () => ({ small: true, large: true }),
      stream: async function* (call, signal) {
        const { messages, tools, tool_choice, max_output_tokens } = call
        const request = { model: 'scripted', messages, tools, tool_choice, max_output_tokens }
        yield* models.stream(connection, request, signal)
        yield {
          type: 'settled',
          model: 'scripted',
          input_tokens: 1,
          output_tokens: 1,
          nano_usd: 1n,
        }
      },
    },
    stop: async () => {
      await models.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function send(res: ServerResponse, reply: Reply): void {
  if (reply.status !== undefined) {
    res.writeHead(reply.status, { 'content-type': 'application/json' })
    res.end('{"error":{"message":"refused"}}')
    return
  }
  res.setHeader('content-type', 'text/event-stream')
  const chunk = (delta: object, finish: string | null = null) =>
    res.write(
      `data: ${JSON.stringify({ model: 'scripted', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    )
  for (const piece of (reply.text ?? '').match(/[\s\S]{1,7}/g) ?? []) chunk({ content: piece })
  if (reply.drop) {
    // What was written arrives; then the connection ends without the closing chunk.
    res.socket?.end()
    return
  }
  for (const [index, call] of (reply.calls ?? []).entries()) {
    const args = typeof call.args === 'string' ? call.args : JSON.stringify(call.args)
    const id = `call_${index}_${Math.random().toString(36).slice(2)}`
    chunk({
      tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: args } }],
    })
  }
  chunk({}, reply.calls?.length ? 'tool_calls' : 'stop')
  res.end('data: [DONE]\n\n')
}

export function textOfMessage(message: WireMessage | undefined): string {
  if (!message?.content) return ''
  if (typeof message.content === 'string') return message.content
  return message.content.map((part) => part.text).join('')
}
