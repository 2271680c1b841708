import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeServer, listen } from '../../src/http/index.ts'
import {
  createSiteClient,
  type SiteClient,
  type SiteSession,
} from '../../src/platform/frappe/index.ts'
import { createMetrics } from '../../src/platform/telemetry/index.ts'

type Answer = (req: IncomingMessage, res: ServerResponse, body: string) => void

let server: Server
let client: SiteClient
let session: SiteSession
let answer: Answer
let seen: { url: string; body: string; authorization: string | undefined }[]

beforeEach(async () => {
  seen = []
  server = createServer((req, res) => {
    let body = ''
    req.on('data', (chunk) => (body += chunk))
    req.on('end', () => {
      seen.push({ url: req.url ?? '', body, authorization: req.headers.authorization })
      answer(req, res, body)
    })
  })
  const url = await listen(server, 0, '127.0.0.1')
  client = createSiteClient({
    url,
    siteName: null,
    concurrency: 3,
    timeoutMs: 2_000,
    metrics: createMetrics(),
    oauth: null,
  })
  session = client.as({ kind: 'bearer', access_token: 'abc' })
})

afterEach(async () => {
  client.close()
  server.closeAllConnections()
  await closeServer(server, 0)
})

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (_req, res) =>
    res
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body))
}

const refusal = (excType: string, message: string) => ({
  exc_type: excType,
  exception: `frappe.exceptions.${excType}: ${message}`,
  _server_messages: JSON.stringify([
    JSON.stringify({ message: `<b>${message}</b>&nbsp;<br>second line` }),
  ]),
})

describe('errors of the site', () => {
  it("carry Frappe's class and its own words as plain text", async () => {
    answer = json(417, refusal('MandatoryError', 'Customer & Co is missing'))
    const error = await session.get('Quotation', 'X').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'site_refused',
      exc_type: 'MandatoryError',
      http_status: 417,
      message: 'Customer & Co is missing \nsecond line',
    })
  })

  it('take the explanation beside an empty message, as Frappe 16 sends it', async () => {
    answer = json(403, {
      exc_type: 'PermissionError',
      exception: 'frappe.exceptions.PermissionError',
      _server_messages: JSON.stringify([JSON.stringify({ message: '', title: 'Message' })]),
      _error_message: "You need the 'read' permission on <strong>Note</strong> X.",
    })
    await expect(session.get('Note', 'X')).rejects.toMatchObject({
      message: "You need the 'read' permission on Note X.",
    })
  })

  it('tell an ended grant from a missing right', async () => {
    answer = json(401, { exc_type: 'AuthenticationError' })
    await expect(session.get('Quotation', 'X')).rejects.toMatchObject({
      code: 'site_grant_expired',
    })
    answer = json(403, refusal('PermissionError', 'No permission'))
    await expect(session.get('Quotation', 'X')).rejects.toMatchObject({
      code: 'site_refused',
      exc_type: 'PermissionError',
    })
  })

  it('say plainly that a page came instead of JSON', async () => {
    answer = (_req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')
    await expect(session.get('Quotation', 'X')).rejects.toMatchObject({
      code: 'site_refused',
      exc_type: 'NotJson',
    })
  })
})

describe('a call that may not be repeated', () => {
  it('has an unknown outcome when the connection breaks, and is sent once', async () => {
    answer = (req) => req.socket.destroy()
    const call = session.call('steward.api.operations.apply', {}, { repeatable: false })
    await expect(call).rejects.toMatchObject({ code: 'outcome_unknown' })
    expect(seen).toHaveLength(1)
  })

  it('has an unknown outcome when the answer does not come in time', async () => {
    answer = () => undefined
    const call = session.call(
      'steward.api.operations.apply',
      {},
      { repeatable: false, timeoutMs: 80 },
    )
    await expect(call).rejects.toMatchObject({ code: 'outcome_unknown' })
  })

  it('is plainly not done when nothing listens there', async () => {
    const gone = createSiteClient({
      url: 'http://127.0.0.1:9',
      siteName: null,
      concurrency: 1,
      timeoutMs: 3_000,
      metrics: createMetrics(),
      oauth: null,
    })
    const call = gone
      .as({ kind: 'bearer', access_token: 'x' })
      .call('steward.api.operations.apply', {}, { repeatable: false })
    await expect(call).rejects.toMatchObject({ code: 'site_unreachable' })
    gone.close()
  })
})

describe('a call that may be repeated', () => {
  it('is tried again after a passing failure', async () => {
    answer = (req, res) => {
      if (seen.length === 1) req.socket.destroy()
      else json(200, { data: { name: 'X' } })(req, res, '')
    }
    expect(await session.get('Quotation', 'X')).toEqual({ name: 'X' })
    expect(seen).toHaveLength(2)
  })

  it('is not sent again before a busy site asks for it', async () => {
    answer = json(429, { exc_type: 'TooManyRequestsError' }, { 'retry-after': '60' })
    await expect(session.get('Quotation', 'X', { timeoutMs: 300 })).rejects.toBeInstanceOf(Error)
    expect(seen).toHaveLength(1)
  })

  it('is never repeated when the site refused it', async () => {
    answer = json(417, refusal('ValidationError', 'no'))
    await session.get('Quotation', 'X').catch(() => undefined)
    expect(seen).toHaveLength(1)
  })

  it('rests a site that stays away instead of asking it each time', async () => {
    answer = (req) => req.socket.destroy()
    for (let i = 0; i < 6; i += 1) await session.get('Quotation', 'X').catch(() => undefined)
    const before = seen.length
    await expect(session.get('Quotation', 'X')).rejects.toMatchObject({ code: 'site_unreachable' })
    expect(seen.length).toBe(before)
  })
})

describe('what is sent', () => {
  it('has doctype and name encoded, so that no name reaches another route', async () => {
    answer = json(200, { data: {} })
    await session.get('Sales Order', '../../method/frappe.client.delete?x=1')
    expect(seen[0]?.url).toBe(
      '/api/resource/Sales%20Order/..%2F..%2Fmethod%2Ffrappe.client.delete%3Fx%3D1',
    )
    expect(seen[0]?.authorization).toBe('Bearer abc')
  })

  it('is never a method that is not on the list', async () => {
    await expect(session.call('frappe.client.delete', {})).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(seen).toHaveLength(0)
  })

  it('orders every list to the last tie', async () => {
    answer = json(200, { message: [] })
    await session.list('ToDo', { fields: ['name'], order_by: 'date asc', limit: 20 })
    expect(JSON.parse(seen[0]?.body ?? '{}')).toMatchObject({
      order_by: 'date asc, name asc',
      limit_page_length: 20,
    })
  })

  it('reads a whole table in keyset pages', async () => {
    const rows = Array.from({ length: 501 }, (_, index) => ({
      name: `T${String(index).padStart(4, '0')}`,
      modified: 'm',
    }))
    answer = (req, res, body) => {
      const after =
        (JSON.parse(body) as { or_filters?: [string, string, string][] }).or_filters?.[1]?.[2] ?? ''
      json(200, { message: rows.filter((row) => row.name > after).slice(0, 500) })(req, res, '')
    }
    const names: unknown[] = []
    for await (const page of session.scan('ToDo', ['name']))
      names.push(...page.map((row) => row.name))
    expect(names).toEqual(rows.map((row) => row.name))
  })

  it('is never more at once than the site has workers for', async () => {
    let most = 0
    let open = 0
    const waiting: (() => void)[] = []
    answer = (req, res) => {
      open += 1
      most = Math.max(most, open)
      waiting.push(() => {
        open -= 1
        json(200, { data: {} })(req, res, '')
      })
      setImmediate(() => waiting.shift()?.())
    }
    await Promise.all(Array.from({ length: 20 }, () => session.get('ToDo', 'X')))
    expect(most).toBeLessThanOrEqual(3)
  })

  it('stops when the caller does', async () => {
    answer = () => undefined
    const controller = new AbortController()
    const call = session.get('ToDo', 'X', { signal: controller.signal })
    setImmediate(() => controller.abort())
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
  })
})
