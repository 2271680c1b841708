import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentOf, messagesOf } from './support/site-client.ts'
import type { Answer } from './support/site-client.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop

beforeAll(async () => {
  workshop = await Workshop.open()
})
afterAll(() => workshop.close())

function get(path: string): Promise<Answer> {
  return workshop.admin.request('GET', path)
}

test('the v1 envelope carries exc_type, and messages as JSON within JSON', async () => {
  const answer = await workshop.admin.create('ToDo', { description: 'x', status: 'Maybe' })
  expect(answer.headers.get('content-type')).toContain('application/json')
  expect(answer.json?.exc_type).toBe('ValidationError')
  const encoded = JSON.parse(String(answer.json?._server_messages)) as string[]
  const message = JSON.parse(encoded[0] ?? '') as Record<string, unknown>
  expect(message).toMatchObject({ indicator: 'red', raise_exception: 1 })
  expect(String(message.message)).toContain('Status cannot be')
})

test('messages of a check that raises bare are plain messages', async () => {
  const answer = await workshop.admin.create('ToDo', {})
  expect(answer.json).toMatchObject({ exc_type: 'MandatoryError' })
  expect(messagesOf(answer)).toHaveLength(1)
})

test('an unknown document, doctype and route', async () => {
  const document = await get('/api/resource/ToDo/nothing')
  expect(document.status).toBe(404)
  expect(document.json).toMatchObject({ exc_type: 'DoesNotExistError' })
  expect(document.json).not.toHaveProperty('exc')
  expect(messagesOf(document)).toEqual(['ToDo nothing not found'])

  const doctype = await get('/api/resource/Nothing')
  expect(doctype.status).toBe(404)
  const route = await get('/api/nothing')
  expect(route.status).toBe(404)
  expect(route.json).toEqual({ exc_type: 'DoesNotExistError' })
})

test('an unknown method answers 417', async () => {
  const answer = await get('/api/method/frappe.client.nothing')
  expect(answer.status).toBe(417)
  expect(answer.json?.exc_type).toBe('ValidationError')
})

test('the wrong verb on a method answers 403, not 405', async () => {
  const answer = await get('/api/method/frappe.client.insert?doc={}')
  expect(answer.status).toBe(403)
  expect(answer.json?.exc_type).toBe('PermissionError')
})

test('a body with `cmd` runs that method whatever the path says', async () => {
  const answer = await workshop.admin.request('POST', '/api/resource/ToDo', {
    cmd: 'frappe.auth.get_logged_user',
    description: 'never made',
  })
  expect(answer.status).toBe(200)
  expect(typeof answer.json?.message).toBe('string')
  expect(answer.json).not.toHaveProperty('data')
})

test('with a JSON body the query string counts for nothing', async () => {
  const made = await workshop.make('ToDo', { description: `query ${workshop.tag}` })
  const answer = await workshop.admin.request(
    'POST',
    `/api/method/frappe.client.get_value?filters=${String(made.name)}`,
    { doctype: 'ToDo', fieldname: 'name', filters: { description: made.description } },
  )
  expect(answer.json?.message).toEqual({ name: made.name })
})

test('/api/v1 is /api', async () => {
  const made = await workshop.make('ToDo', { description: 'v1' })
  const answer = await get(`/api/v1/resource/ToDo/${String(made.name)}`)
  expect(documentOf(answer).name).toBe(made.name)
})
