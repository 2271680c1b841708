import { afterAll, beforeAll, expect, test } from 'vitest'
import { dialectOf } from './support/dialect.ts'
import { documentOf, messagesOf } from './support/site-client.ts'
import type { SiteClient } from './support/site-client.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let admin: SiteClient

beforeAll(async () => {
  workshop = await Workshop.open()
  admin = workshop.admin
})
afterAll(() => workshop.close())

test('mandatory, link and select checks name what is wrong', async () => {
  const empty = await admin.create('ToDo', {})
  expect(empty.json?.exc_type).toBe('MandatoryError')
  expect(messagesOf(empty)).toEqual(['Error: Value missing for ToDo: Description'])

  const link = await admin.create('ToDo', { description: 'x', allocated_to: 'nobody@nowhere.test' })
  expect(link.json?.exc_type).toBe('LinkValidationError')
  expect(messagesOf(link)).toEqual(['Could not find Allocated To: nobody@nowhere.test'])

  const select = await admin.create('ToDo', { description: 'x', status: 'Maybe' })
  expect(select.status).toBe(417)
  expect(messagesOf(select)[0]).toContain('Status cannot be "Maybe"')
})

test('a link takes the spelling of its target', async () => {
  const made = await workshop.make('ToDo', {
    description: 'spelling',
    allocated_to: 'ADMINISTRATOR',
  })
  expect(made.allocated_to).toBe('Administrator')
})

test('a taken name is a DuplicateEntryError with 409', async () => {
  const values = { role_name: `Steward Role ${workshop.tag}` }
  await workshop.make('Role', values)
  const again = await admin.create('Role', values)
  expect(again.status).toBe(409)
  expect(again.json?.exc_type).toBe('DuplicateEntryError')
})

test('insert_many is all or nothing', async () => {
  const good = { doctype: 'ToDo', description: `many ${workshop.tag}` }
  const docs = [good, { doctype: 'ToDo', description: 'bad', status: 'Maybe' }]
  const failed = await admin.request('POST', '/api/method/frappe.client.insert_many', { docs })
  expect(failed.status).toBe(417)
  const filters = [['description', '=', good.description]]
  expect(await admin.list('ToDo', { filters })).toEqual([])
  const made = await admin.call<string[]>('frappe.client.insert_many', { docs: [good, good] })
  expect(made).toHaveLength(2)
  for (const name of made) workshop.remember('ToDo', name)
})

test('a GET that writes keeps nothing', async () => {
  const made = await workshop.make('ToDo', { description: 'unchanged' })
  const name = encodeURIComponent(String(made.name))
  const query = `doctype=ToDo&name=${name}&fieldname=description&value=changed`
  const answer = await admin.request('GET', `/api/method/frappe.client.set_value?${query}`)
  expect(answer.status).toBe(403)
  expect(documentOf(await admin.read('ToDo', String(made.name))).description).toBe('unchanged')
})

test('a name with a slash reaches its own document and nothing else', async () => {
  const role = `Steward/../Role ${workshop.tag}`
  await workshop.make('Role', { role_name: role })
  expect(documentOf(await admin.read('Role', role)).name).toBe(role)
  const answer = await admin.read('ToDo', '../../method/ping')
  expect(answer.status).toBe(404)
})

test('unreadable JSON is refused and does nothing', async () => {
  const description = `unreadable ${workshop.tag}`
  const body = `{"description": "${description}", "priority": `
  const answer = await admin.request('POST', '/api/resource/ToDo', body)
  expect(answer.status).toBe((await dialectOf(admin)).unreadableJson)
  const filters = [['description', 'like', `%${description}%`]]
  expect(await admin.list('ToDo', { filters })).toEqual([])
})
