import { afterAll, beforeAll, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { ask, cardIn, composer } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let pages: Pages

beforeAll(async () => {
  pages = await startPages()
  pages.sandbox.site.run('Administrator', (site) =>
    site.dbSet('Steward Plan', 'Sandbox', { person_monthly_requests: 3 }),
  )
})
afterAll(() => pages.stop())

it('shows in one tab what was decided in another, without loading again', async () => {
  const first = await pages.signedIn(PEOPLE.user)
  const turn = await ask(first, 'quotation for 2 CHAIR-TASK to Thornbury Hotel')
  await cardIn(turn, 'proposed')
  await first.waitForURL(/\/steward\/c\w*\//)
  const second = await first.context().newPage()
  await second.goto(first.url())
  const other = second.locator('[data-operation-list]').first()
  await other.and(second.locator('[data-state="proposed"]')).waitFor()

  await first.locator('[data-approve]').click()
  await cardIn(turn, 'applied')
  await other.and(second.locator('[data-state="applied"]')).waitFor({ timeout: 5_000 })
  expect(await other.getByRole('link', { name: /^Quotation / }).count()).toBe(1)
  expect(pages.errors).toEqual([])
})

it('says near the composer when little is left of a limit, and when nothing is', async () => {
  const page = await pages.signedIn(PEOPLE.restricted)
  await composer(page).waitFor()
  const notice = page.locator('[data-quota-notice]')
  expect(await notice.count()).toBe(0)
  for (let n = 0; n < 3; n += 1) await ask(page, 'help')
  await notice.getByText(/used up; anew on/).waitFor()
  const refused = await ask(page, 'help')
  await refused.getByText(/used up/).waitFor()

  await page.goto(`${pages.sandbox.url}/steward/usage`)
  const meter = page.getByRole('meter', { name: 'You: requests this month' })
  await meter.waitFor()
  expect(await meter.getAttribute('aria-valuenow')).toBe('100')
})
