import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { dispatch } from './dispatch.ts'
import { failure, html, json } from './envelope.ts'
import { newReply } from './exchange.ts'
import type { HttpMethod, SandboxHost, SiteResponse } from './exchange.ts'
import type { Fault, Faults } from './faults.ts'
import { methodTable } from './methods/index.ts'
import { BodyTooLarge, readRequest } from './read-request.ts'

export interface SandboxServerOptions {
  host: SandboxHost
  faults: Faults
  /** Called after each request that reached the site. */
  afterRequest?: () => void
}

/** The site's HTTP server, not yet listening. */
export function createSandboxServer(options: SandboxServerOptions): Server {
  const methods = methodTable(options.host.site)
  return createServer((message, response) => {
    void answer(options, methods, message, response)
  })
}

async function answer(
  options: SandboxServerOptions,
  methods: ReadonlyMap<string, HttpMethod>,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = message.method ?? 'GET'
  const fault = options.faults.take(method, decodedPath(message.url ?? '/'))
  if (fault && (await meetBefore(fault, message, response))) return
  const answered = await respond(options, methods, message)
  options.afterRequest?.()
  if (fault?.kind === 'timeout_after_commit') hangUp(fault.closeAfterMilliseconds, message)
  else send(response, answered)
}

function decodedPath(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}

/** True when the fault has dealt with the request; latency only holds it up. */
async function meetBefore(
  fault: Fault,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  switch (fault.kind) {
    case 'latency':
      await new Promise((resolve) => setTimeout(resolve, fault.milliseconds))
      return false
    case 'rate_limited': {
      const refused = json(429, { exc_type: 'TooManyRequestsError' })
      refused.headers['retry-after'] = String(fault.retryAfterSeconds)
      send(response, refused)
      return true
    }
    case 'error_500':
      send(
        response,
        json(500, { exc_type: 'OperationalError', exception: 'OperationalError: (2006)' }),
      )
      return true
    case 'dropped':
      message.socket.destroy()
      return true
    case 'timeout_after_commit':
      return false
  }
}

/** The work is done; the caller hears nothing, and the connection ends at once unless told to hang. */
function hangUp(after: number | undefined, message: IncomingMessage): void {
  if (after === undefined) message.socket.destroy()
  else setTimeout(() => message.socket.destroy(), after).unref()
}

async function respond(
  options: SandboxServerOptions,
  methods: ReadonlyMap<string, HttpMethod>,
  message: IncomingMessage,
): Promise<SiteResponse> {
  try {
    const request = await readRequest(message)
    return dispatch(options.host, methods, request)
  } catch (error) {
    if (error instanceof BodyTooLarge) return html(413, '<h1>Request Entity Too Large</h1>')
    return failure(renamed(error), [], newReply())
  }
}

/** Unreadable JSON is a programming error in Frappe 15 and answers 500. */
function renamed(error: unknown): unknown {
  if (error instanceof SyntaxError) error.name = 'JSONDecodeError'
  return error
}

function send(response: ServerResponse, answer: SiteResponse): void {
  const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
