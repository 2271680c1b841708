import { afterAll, beforeAll, expect, test } from 'vitest'
import { SiteClient } from './support/site-client.ts'
import type { Answer } from './support/site-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let owner: Member
let stranger: Member

beforeAll(async () => {
  workshop = await Workshop.open()
  owner = await workshop.member('owner', ['Sales User'])
  stranger = await workshop.member('stranger', ['Sales User'])
})
afterAll(() => workshop.close())

async function upload(
  client: SiteClient,
  content: string,
  fields: Record<string, string>,
): Promise<Answer> {
  const form = new FormData()
  form.set('file', new Blob([content], { type: 'text/plain' }), `note ${workshop.tag}.txt`)
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const answer = await client.request('POST', '/api/method/upload_file', form)
  const made = answer.json?.message as { name: string } | undefined
  if (made) workshop.remember('File', made.name)
  return answer
}

test('a private file comes back byte for byte to its owner and not to a stranger', async () => {
  const content = `secret of ${workshop.tag}`
  const answer = await upload(owner.client, content, { is_private: '1' })
  expect(answer.status).toBe(200)
  const file = answer.json?.message as { file_url: string; is_private: number; file_size: number }
  expect(file.file_url).toMatch(/^\/private\/files\//)
  expect(file).toMatchObject({ is_private: 1, file_size: content.length })

  const mine = await owner.client.request('GET', encodeURI(file.file_url))
  expect(mine.status).toBe(200)
  expect(mine.text).toBe(content)
  expect((await stranger.client.request('GET', encodeURI(file.file_url))).status).toBe(403)
  const guest = new SiteClient(workshop.url)
  expect((await guest.request('GET', encodeURI(file.file_url))).status).toBe(403)
})

test('a file on a document opens to whoever may read the document', async () => {
  const todo = await workshop.make('ToDo', { description: 'with file', allocated_to: owner.user })
  const place = { is_private: '1', doctype: 'ToDo', docname: String(todo.name) }
  const content = `attached ${workshop.tag}`
  const answer = await upload(workshop.admin, content, place)
  const file = answer.json?.message as { file_url: string; attached_to_name: string }
  expect(file.attached_to_name).toBe(todo.name)
  const path = encodeURI(file.file_url)
  expect((await owner.client.request('GET', path)).text).toBe(content)
  expect((await stranger.client.request('GET', path)).status).toBe(403)
  const byMethod = `/api/method/download_file?file_url=${encodeURIComponent(file.file_url)}`
  expect((await owner.client.request('GET', byMethod)).text).toBe(content)
})

test('attaching needs the right to write the document', async () => {
  const todo = await workshop.make('ToDo', { description: 'closed to strangers' })
  const place = { is_private: '1', doctype: 'ToDo', docname: String(todo.name) }
  const answer = await upload(stranger.client, 'intruder', place)
  expect(answer.status).toBe(403)
})

test('equal bytes share one URL', async () => {
  const content = `same ${workshop.tag}`
  const first = await upload(owner.client, content, { is_private: '1' })
  const second = await upload(owner.client, content, { is_private: '1' })
  const urlOf = (answer: Answer) => (answer.json?.message as { file_url: string }).file_url
  expect(urlOf(second)).toBe(urlOf(first))
})
