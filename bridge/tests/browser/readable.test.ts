import { type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { ask, cardIn } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'
import { unreadable } from './support/readability.ts'

let pages: Pages
/** A conversation with a chart, a table, a card that waits with marks, and one that is done. */
let conversation: string

beforeAll(async () => {
  pages = await startPages()
  const page = await pages.signedIn(PEOPLE.manager)
  await ask(page, 'which customers owe us most')
  await ask(page, 'unpaid invoices over 500')
  const done = await ask(page, 'quotation for 2 CHAIR-TASK to Thornbury Hotel')
  await (await cardIn(done, 'proposed')).locator('[data-approve]').click()
  await cardIn(done, 'applied')
  const marked = await ask(page, 'quotation for 5 CHAIR-TASK to Thornbury Hotel')
  const card = await cardIn(marked, 'proposed')
  changePrice('CHAIR-TASK')
  await card.locator('[data-approve]').click()
  await card.locator('[data-changed="row items 1 rate"]').waitFor()
  conversation = new URL(page.url()).pathname
  await page.context().close()
})
afterAll(() => pages.stop())

function changePrice(item_code: string): void {
  pages.sandbox.site.run('Administrator', (site) => {
    for (const { name } of site.getAll('Item Price', {
      filters: { item_code },
      fields: ['name'],
    })) {
      site.dbSet('Item Price', String(name), { price_list_rate: 321.5 })
    }
  })
}

/** Each page with what is there once it has loaded. */
const PLACES: [name: string, path: () => string, loaded: (page: Page) => Promise<unknown>][] = [
  ['start', () => '/steward', (page) => page.getByText('What can be done').waitFor()],
  ['conversation', () => conversation, (page) => page.locator('[data-undo]').first().waitFor()],
  ['requests', () => '/steward/requests', (page) => page.getByText('no cost').first().waitFor()],
  ['usage', () => '/steward/usage', (page) => page.getByText('Model calls').waitFor()],
  ['settings', () => '/steward/settings', (page) => page.getByText('No key yet').waitFor()],
  ['audit', () => '/steward/audit', (page) => page.getByText('as they were written').waitFor()],
  ['panel', () => '/steward/panel', (page) => page.getByText('What can be done').waitFor()],
  ['missing', () => '/steward/nowhere', (page) => page.getByText('no such page').waitFor()],
]

const SCREENS = [
  { name: 'desktop', phone: false, width: 1280, height: 800 },
  { name: 'phone', phone: true, width: 390, height: 844 },
]

for (const { name, phone, width, height } of SCREENS) {
  for (const theme of ['light', 'dark'] as const) {
    it(`can be read, hit and named on a ${name}, ${theme}`, async () => {
      const options = { viewport: { width, height }, hasTouch: phone, isMobile: phone }
      const page = await pages.signedIn(PEOPLE.manager, '/steward', {
        ...options,
        colorScheme: theme,
        reducedMotion: 'reduce',
      })
      await page.evaluate((chosen) => localStorage.setItem('theme', chosen), theme)
      const found: string[] = []
      for (const [place, path, loaded] of PLACES) {
        await page.goto(pages.sandbox.url + path())
        await loaded(page)
        found.push(...(await unreadable(page, phone)).map((line) => `${place}: ${line}`))
        const shown = await page.locator('html').getAttribute('data-theme')
        expect(shown ?? 'light', place).toBe(theme)
      }
      await page.goto(pages.sandbox.url + '/steward/settings')
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByRole('dialog').getByLabel('Small tier').waitFor()
      found.push(...(await unreadable(page, phone)).map((line) => `provider: ${line}`))
      await page.goto(pages.sandbox.url + '/steward/requests')
      await page
        .getByRole('main')
        .getByRole('link', { name: /which customers/ })
        .click()
      await page.getByRole('heading', { name: 'What happened' }).waitFor()
      found.push(...(await unreadable(page, phone)).map((line) => `request: ${line}`))
      expect(found).toEqual([])
      await page.context().close()
    })
  }
}

it('finds a text that is too pale', async () => {
  const page = await pages.open()
  await page.setContent('<main><p style="color:#999">too pale</p><p>dark enough</p></main>')
  expect(await unreadable(page, false)).toEqual(['pale (2.85): too pale'])
})
