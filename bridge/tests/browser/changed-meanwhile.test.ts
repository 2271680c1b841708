import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { signIn, type BridgeSession } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { ask } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let pages: Pages
/** The same person at another computer. */
let elsewhere: BridgeSession

beforeAll(async () => {
  pages = await startPages()
  elsewhere = await signIn(pages.bridge, PEOPLE.user.user, PEOPLE.user.password)
})
afterAll(() => pages.stop())

async function choose(page: Page, title: string, action: string): Promise<void> {
  const read = page.waitForResponse(
    (answer) => /\/conversations\/[^/]+$/.test(answer.url()) && answer.request().method() === 'GET',
  )
  await page.getByRole('button', { name: `More for ${title}` }).click()
  await page.getByRole('menuitem', { name: action }).click()
  await read
}

async function titleOf(id: string): Promise<string> {
  return ((await (await elsewhere.call(`/conversations/${id}`)).json()) as { title: string }).title
}

it('says that a conversation got another title meanwhile, and renames it when asked again', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await ask(page, 'how many customers do we have')
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await choose(page, 'how many customers do we have', 'Rename')
  await elsewhere.call(`/conversations/${id}`, {
    method: 'PATCH',
    body: JSON.stringify({ title: 'From elsewhere' }),
  })
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('From here')
  await dialog.getByRole('button', { name: 'Rename' }).click()
  await dialog.getByText('Meanwhile it was renamed to “From elsewhere”').waitFor()
  expect(await titleOf(id)).toBe('From elsewhere')

  await dialog.getByRole('button', { name: 'Rename' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'From here' }).waitFor()
  expect(await titleOf(id)).toBe('From here')
})

it('does not delete a conversation in which something was asked meanwhile, before that was said', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await ask(page, 'how many suppliers do we have')
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await choose(page, 'how many suppliers do we have', 'Delete')
  const asked = await elsewhere.call(`/conversations/${id}/messages`, {
    method: 'POST',
    body: JSON.stringify({ text: 'how many items do we have' }),
    headers: { accept: 'text/event-stream' },
  })
  await asked.text()
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByText('Meanwhile something was asked in it, so nothing was deleted').waitFor()
  expect((await elsewhere.call(`/conversations/${id}`)).status).toBe(200)
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await elsewhere.call(`/conversations/${id}`)).status).toBe(404)
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
