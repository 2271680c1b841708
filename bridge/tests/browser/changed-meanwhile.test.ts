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

/** Somebody else changes a record in ERPNext. */
const inSite = (doctype: string, name: string, values: Record<string, unknown>) =>
  pages.sandbox.site.run('Administrator', (site) =>
    site.save({ ...site.getDoc(doctype, name), ...values }),
  )
const valueOf = (doctype: string, name: string, field: string) =>
  pages.sandbox.site.run('Administrator', (site) => site.getDoc(doctype, name)[field])

it('saves caps and data rules only as they were seen, and says who changed what', async () => {
  const page = await pages.signedIn(PEOPLE.manager, '/steward/settings')
  const caps = page.getByRole('region', { name: 'Caps' })
  await caps.getByLabel('Team: requests a month').fill('777')
  inSite('Steward Plan', 'Sandbox', { monthly_requests: 5_000 })
  await caps.getByRole('button', { name: 'Save caps' }).click()
  await caps.getByText('Meanwhile Administrator changed monthly requests in ERPNext').waitFor()
  expect(valueOf('Steward Plan', 'Sandbox', 'monthly_requests')).toBe(5_000)
  expect(await caps.getByLabel('Team: requests a month').inputValue()).toBe('777')
  await caps.getByRole('button', { name: 'Save caps' }).click()
  await caps.getByText('Saved.').waitFor()
  expect(valueOf('Steward Plan', 'Sandbox', 'monthly_requests')).toBe(777)
  await caps.getByRole('button', { name: 'Save caps' }).click()
  await caps.getByText('Saved.').waitFor()

  const rules = page.getByRole('region', { name: 'Data rules' })
  await rules.getByLabel('Masked document types and fields').fill('Customer.tax_id')
  inSite('Steward Settings', 'Steward Settings', { masked_fields: 'Employee' })
  await rules.getByRole('button', { name: 'Save data rules' }).click()
  await rules.getByText('Meanwhile Administrator changed masked fields in ERPNext').waitFor()
  const masked = () => valueOf('Steward Settings', 'Steward Settings', 'masked_fields')
  expect(masked()).toBe('Employee')
  await rules.getByRole('button', { name: 'Save data rules' }).click()
  await rules.getByText('Saved.').waitFor()
  expect(masked()).toBe('Customer.tax_id')
})

it('neither edits nor removes a provider that was changed meanwhile before that was said', async () => {
  const provider = { provider_name: 'House', kind: 'openai', api_key: 'sk-1', small_models: 'a' }
  pages.sandbox.site.run('Administrator', (site) =>
    site.insert({ doctype: 'Steward Model Provider', ...provider }),
  )
  const page = await pages.signedIn(PEOPLE.manager, '/steward/settings')
  const row = page.getByRole('listitem').filter({ hasText: 'House' })
  await row.getByRole('button', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Large tier').fill('c')
  inSite('Steward Model Provider', 'House', { small_models: 'b' })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Meanwhile Administrator changed small models in ERPNext').waitFor()
  const models = (tier: string) => valueOf('Steward Model Provider', 'House', `${tier}_models`)
  expect([models('small'), models('large') ?? '']).toEqual(['b', ''])
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect([models('small'), models('large')]).toEqual(['a', 'c'])

  await row.getByText('c').waitFor()
  inSite('Steward Model Provider', 'House', { small_models: 'd' })
  await row.getByRole('button', { name: 'Remove' }).click()
  await page
    .getByRole('alertdialog')
    .or(page.getByRole('dialog'))
    .getByText('Remove')
    .last()
    .click()
  await page.getByText('Nothing was deleted').waitFor()
  expect(models('small')).toBe('d')
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
