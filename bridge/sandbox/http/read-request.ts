import type { IncomingMessage } from 'node:http'
import type { SiteRequest, UploadedFile } from './exchange.ts'

const LARGEST_BODY = 25 * 1024 * 1024

export class BodyTooLarge extends Error {}

/** Reads a request as Frappe's `make_form_dict`: a JSON body drops the query, any other merges with it. */
export async function readRequest(message: IncomingMessage): Promise<SiteRequest> {
  const host = message.headers.host ?? 'localhost'
  const url = new URL(message.url ?? '/', `http://${host}`)
  const type = message.headers['content-type'] ?? ''
  const body = await readBody(message)
  const request: SiteRequest = {
    method: message.method ?? 'GET',
    path: url.pathname,
    segments: url.pathname.split('/').filter(Boolean).map(decodeSegment),
    query: url.searchParams,
    form: Object.fromEntries(url.searchParams),
    files: {},
    headers: flatHeaders(message),
    cookies: parseCookies(message.headers.cookie ?? ''),
    isJson: type.includes('json'),
    origin: `http://${host}`,
  }
  if (body.length > 0) await readForm(request, type, body)
  return request
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    size += (chunk as Buffer).length
    if (size > LARGEST_BODY) throw new BodyTooLarge()
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

async function readForm(request: SiteRequest, type: string, body: Buffer): Promise<void> {
  if (type.includes('json')) {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    request.form = Array.isArray(parsed)
      ? { data: parsed }
      : ((parsed ?? {}) as typeof request.form)
  } else if (type.startsWith('multipart/form-data')) {
    await readMultipart(request, type, body)
  } else if (type.includes('x-www-form-urlencoded')) {
    Object.assign(request.form, Object.fromEntries(new URLSearchParams(body.toString('utf8'))))
  }
}

async function readMultipart(request: SiteRequest, type: string, body: Buffer): Promise<void> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': type },
  }).formData()
  for (const [name, value] of form) {
    if (typeof value === 'string') request.form[name] = value
    else request.files[name] = await uploadedFile(value)
  }
}

async function uploadedFile(file: File): Promise<UploadedFile> {
  return { filename: file.name, type: file.type, bytes: Buffer.from(await file.arrayBuffer()) }
}

function flatHeaders(message: IncomingMessage): Record<string, string> {
  const entries = Object.entries(message.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const,
  )
  return Object.fromEntries(entries)
}

function parseCookies(header: string): Record<string, string> {
  const pairs = header.split(';').map((pair) => pair.trim().split('='))
  return Object.fromEntries(
    pairs
      .filter(([name]) => name)
      .map(([name, ...value]) => [name, decodeSegment(value.join('='))]),
  )
}
