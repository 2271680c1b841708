import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { startPages, type Pages } from './support/pages.ts'

const GOOD_KEY = 'sk-good-key-0001'
let pages: Pages
let provider: Server
let address: string

beforeAll(async () => {
  provider = createServer((req, res) => {
    const known = req.headers.authorization === `Bearer ${GOOD_KEY}`
    res.writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
    const models = { object: 'list', data: [{ id: 'small-1', object: 'model', created: 0 }] }
    res.end(JSON.stringify(known ? models : { error: { message: 'Incorrect API key provided' } }))
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`
  pages = await startPages({ STEWARD_ALLOW_PRIVATE_ENDPOINTS: 'true' })
})
afterAll(async () => {
  await pages.stop()
  await new Promise((resolve) => provider.close(resolve))
})

it('saves a provider only after its key was tried, and never shows the key again', async () => {
  const page = await pages.signedIn(PEOPLE.manager, '/steward/settings')
  await page.getByRole('button', { name: 'Add' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('House models')
  await dialog.getByText('OpenAI', { exact: true }).click()
  await page.getByRole('option', { name: 'OpenAI-compatible server' }).click()
  await dialog.getByLabel('Address').fill(address)
  await dialog.getByLabel('API key').fill('sk-wrong-key')
  await dialog.getByLabel('Small tier').fill('small-1')
  await dialog.getByRole('button', { name: 'Test and save' }).click()
  await dialog.getByRole('alert').waitFor()
  expect(await page.getByRole('listitem').filter({ hasText: 'House models' }).count()).toBe(0)

  await dialog.getByLabel('API key').fill(GOOD_KEY)
  await dialog.getByRole('button', { name: 'Test and save' }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'House models' })
  await row.waitFor()
  expect(await row.innerText()).toContain('small-1')

  await row.getByRole('button', { name: 'Edit' }).click()
  expect(await dialog.getByLabel('API key').inputValue()).toBe('')
  expect(await page.content()).not.toContain(GOOD_KEY)
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
