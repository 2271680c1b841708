import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { ask, cardIn } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let pages: Pages

beforeAll(async () => {
  pages = await startPages()
})
afterAll(() => pages.stop())

it('shows a manager who did what, narrows it, hands it out as a file, and says that the chain holds', async () => {
  const clerk = await pages.signedIn(PEOPLE.user)
  const turn = await ask(clerk, 'quotation for 2 CHAIR-TASK to Thornbury Hotel')
  await (await cardIn(turn, 'proposed')).locator('[data-approve]').click()
  await cardIn(turn, 'applied')

  const page = await pages.signedIn(PEOPLE.manager, '/steward/settings')
  await page.getByRole('link', { name: 'Audit' }).click()
  await page.getByText(/All \d+ entries are as they were written/).waitFor()
  const rows = page.getByRole('region', { name: 'Entries' }).locator('tbody tr')
  await rows
    .filter({ hasText: 'Operation applied' })
    .filter({ hasText: PEOPLE.user.user })
    .waitFor()
  expect(await rows.filter({ hasText: 'Session opened' }).count()).toBeGreaterThan(1)

  await page.getByLabel('Action').click()
  await page.getByRole('option', { name: 'Sign-ins' }).click()
  await rows.filter({ hasText: 'Operation applied' }).first().waitFor({ state: 'detached' })
  await page.getByLabel('Person').fill(PEOPLE.user.user)
  await page.getByLabel('Person').press('Enter')
  await rows.filter({ hasText: PEOPLE.manager.user }).first().waitFor({ state: 'detached' })
  const seen = await rows.count()
  expect(seen).toBeGreaterThan(0)

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ])
  const csv = await readFile(await file.path(), 'utf8')
  expect(csv).toContain('session.opened')
  expect(csv).not.toContain('operation.applied')
  expect(csv.trim().split('\r\n')).toHaveLength(seen + 1)

  await page.getByLabel('From').fill('2099-01-01')
  await page.getByText('Nothing was done that fits').waitFor()
  await page.getByRole('button', { name: 'Clear' }).click()
  await rows.filter({ hasText: 'Operation applied' }).first().waitFor()
})

it('is not for those who manage nothing', async () => {
  const page = await pages.signedIn(PEOPLE.user, '/steward/audit')
  await page.getByText('Only managers of the team can read the audit').waitFor()
  expect(await page.getByRole('region', { name: 'Entries' }).count()).toBe(0)
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
