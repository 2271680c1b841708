import type { FrameLocator, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { cardIn, RESTING } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let pages: Pages

beforeAll(async () => {
  pages = await startPages()
})
afterAll(() => pages.stop())

async function openPanel(page: Page): Promise<FrameLocator> {
  await page.getByRole('button', { name: 'Ask Steward' }).click()
  const panel = page.frameLocator('.steward-panel iframe')
  await panel.getByLabel('Message to Steward').waitFor()
  return panel
}

async function askIn(panel: FrameLocator, text: string): Promise<Locator> {
  const message = panel.getByLabel('Message to Steward')
  await message.fill(text)
  await message.press('Enter')
  const turn = panel.locator('[data-request]').last()
  await turn.and(panel.locator(RESTING)).waitFor()
  return turn
}

it('knows the open document, and follows links in Desk itself', async () => {
  const page = await pages.signedIn(PEOPLE.user, '/app/customer/Thornbury%20Hotel')
  const panel = await openPanel(page)
  await panel.getByText('Customer Thornbury Hotel').waitFor()
  const turn = await askIn(panel, 'quotation for 2 CHAIR-TASK to this customer')
  const card = await cardIn(turn, 'proposed')
  expect(await card.getByText('Thornbury Hotel').first().isVisible()).toBe(true)
  await card.locator('[data-approve]').click()
  const link = (await cardIn(turn, 'applied')).getByRole('link', { name: /^Quotation / })
  const name = (await link.innerText()).replace('Quotation ', '')
  await link.click()
  await page.waitForURL((url) => url.pathname === `/app/quotation/${name}`)
})

it('leaves the document whose creation is undone for the list of its kind', async () => {
  const page = await pages.signedIn(PEOPLE.user, '/app/customer/Novak%20Engineering')
  const panel = await openPanel(page)
  const turn = await askIn(panel, 'quotation for 1 DESK-160 to this customer')
  await (await cardIn(turn, 'proposed')).locator('[data-approve]').click()
  const done = await cardIn(turn, 'applied')
  const path = await done.getByRole('link', { name: /^Quotation / }).getAttribute('href')

  // In Desk a route changes without a load; here the document is opened with the panel kept.
  await page.evaluate((address) => {
    const [, , , name = ''] = address.split('/')
    const desk = globalThis as unknown as { cur_frm: object; frappe: { get_route: () => string[] } }
    desk.cur_frm = { doctype: 'Quotation', docname: name }
    desk.frappe.get_route = () => ['Form', 'Quotation', name]
  }, path ?? '')
  await done.locator('[data-undo]').click()
  await panel.locator('[data-operation-list][data-state="proposed"] [data-approve]').click()
  await page.waitForURL((url) => url.pathname === '/app/quotation')
})
