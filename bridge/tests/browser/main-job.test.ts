import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { logIn } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { ask, cardIn } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let pages: Pages

beforeAll(async () => {
  pages = await startPages()
})
afterAll(() => pages.stop())

/** What the site itself holds, read behind Steward's back. */
async function quotationsOf(customer: string): Promise<{ name: string; grand_total: number }[]> {
  const { cookie } = await logIn(pages.sandbox.url, PEOPLE.manager.user, PEOPLE.manager.password)
  const query = new URLSearchParams({
    filters: JSON.stringify([['party_name', '=', customer]]),
    fields: '["name","grand_total"]',
    limit_page_length: '0',
  })
  const answer = await fetch(`${pages.sandbox.url}/api/resource/Quotation?${query}`, {
    headers: { cookie },
  })
  return ((await answer.json()) as { data: { name: string; grand_total: number }[] }).data
}

it('takes a sentence to a card, a saved document, and back again', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const before = await quotationsOf('Thornbury Hotel')
  const turn = await ask(page, 'quotation for 5 CHAIR-TASK to Thornbury Hotel, 10 % off')

  const card = await cardIn(turn, 'proposed')
  expect(await card.getByText('CHAIR-TASK').isVisible()).toBe(true)
  const discount = card.locator('[data-fieldname="additional_discount_percentage"]')
  expect(await discount.innerText()).toMatch(/10\s*%?\s*set by\s*you/)
  const total = await card.locator('[data-fieldname="grand_total"] dd').innerText()
  expect(total).toMatch(/\d/)
  expect(await quotationsOf('Thornbury Hotel')).toHaveLength(before.length)

  await page.keyboard.press('Control+Enter')
  const done = await cardIn(turn, 'applied')
  const link = done.getByRole('link', { name: /^Quotation / })
  const after = await quotationsOf('Thornbury Hotel')
  expect(after).toHaveLength(before.length + 1)
  const made = after.find(({ name }) => before.every((old) => old.name !== name))
  expect(await link.innerText()).toBe(`Quotation ${made?.name}`)
  expect(Number(total.replace(/[^\d.]/g, ''))).toBeCloseTo(made?.grand_total ?? 0, 2)

  await done.locator('[data-undo]').click()
  const undo = page.locator('[data-operation-list][data-state="proposed"]')
  await undo.waitFor()
  expect(await quotationsOf('Thornbury Hotel')).toHaveLength(after.length)
  await undo.locator('[data-approve]').click()
  await page.getByText('Undone').first().waitFor()
  expect(await quotationsOf('Thornbury Hotel')).toEqual(before)
})

it('keeps thread and cards after the page is loaded again', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const turn = await ask(page, 'quotation for 3 DESK-160 to Novak Engineering')
  await cardIn(turn, 'proposed')
  await page.reload()
  const card = page.locator('[data-operation-list][data-state="proposed"]')
  await card.waitFor()
  await card.locator('[data-reject]').click()
  await page.locator('[data-operation-list][data-state="rejected"]').waitFor()
  expect(await card.count()).toBe(0)
})

it('saves nothing when a price changed in between, and shows what did', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const before = await quotationsOf('Novak Engineering')
  const turn = await ask(page, 'quotation for 2 LAMP-DESK to Novak Engineering')
  const card = await cardIn(turn, 'proposed')
  await changePrice('LAMP-DESK', 1234.5)
  await card.locator('[data-approve]').click()
  const warning = card.getByRole('alert').filter({ hasText: 'Nothing was saved' })
  await warning.waitFor()
  expect(await warning.innerText()).toContain('1,234.50')
  expect(await quotationsOf('Novak Engineering')).toEqual(before)
  await expectMarks(card)
  await page.reload()
  const again = page.locator('[data-operation-list][data-state="proposed"]').last()
  await again.getByRole('alert').filter({ hasText: 'Nothing was saved' }).waitFor()
  await expectMarks(again)
  await again.locator('[data-approve]').click()
  const done = page.locator('[data-operation-list][data-state="applied"]').last()
  await done.waitFor()
  expect(await done.locator('[data-changed]').count()).toBe(0)
  expect(await quotationsOf('Novak Engineering')).toHaveLength(before.length + 1)
})

/** Each value that is not as it was approved says in its own place what it was. */
async function expectMarks(card: Locator): Promise<void> {
  const mark = (place: string) => card.locator(`article [data-changed="${place}"]`)
  expect(await mark('row items 1 rate').innerText()).toMatch(/^.*was \$\s[\d.]+$/s)
  const total = card.locator('dl [data-fieldname="grand_total"]')
  expect(await total.locator('[data-changed]').innerText()).toMatch(/was \$/)
  expect(await total.innerText()).toContain('2,469.00')
  expect(await mark('row items 1 qty').count()).toBe(0)
}

it('shows in a second tab that what is approved there is out of date, with what differs', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const turn = await ask(page, 'quotation for 2 LAMP-DESK to Granary Bookshop')
  const card = await cardIn(turn, 'proposed')
  // This tab hears nothing of what the other one does.
  await page.route(/\/events/, (route) => route.abort())
  await page.waitForURL(/\/steward\/c\w*\//)
  const other = await page.context().newPage()
  await other.goto(page.url())
  await changePrice('LAMP-DESK', 99.5)
  await other.locator('[data-operation-list] [data-approve]').last().click()
  await other.getByRole('alert').filter({ hasText: 'Nothing was saved' }).waitFor()
  await card.locator('[data-approve]').click()
  await card.getByRole('alert').filter({ hasText: 'Nothing was saved' }).waitFor()
  expect(await card.locator('article [data-changed="row items 1 rate"]').count()).toBe(1)
})

/** Someone else changes the selling price, in ERPNext. */
async function changePrice(item: string, rate: number): Promise<void> {
  const { cookie, csrf } = await logIn(
    pages.sandbox.url,
    PEOPLE.manager.user,
    PEOPLE.manager.password,
  )
  const filters = JSON.stringify([
    ['item_code', '=', item],
    ['selling', '=', 1],
  ])
  const found = await fetch(
    `${pages.sandbox.url}/api/resource/Item Price?${new URLSearchParams({ filters, limit_page_length: '0' })}`,
    { headers: { cookie } },
  )
  const { data } = (await found.json()) as { data: { name: string }[] }
  expect(data.length).toBeGreaterThan(0)
  for (const { name } of data) {
    const answer = await fetch(`${pages.sandbox.url}/api/resource/Item Price/${name}`, {
      method: 'PUT',
      headers: { cookie, 'X-Frappe-CSRF-Token': csrf, 'content-type': 'application/json' },
      body: JSON.stringify({ price_list_rate: rate }),
    })
    expect(answer.status).toBe(200)
  }
}

it('approves what has the focus, by keyboard alone', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const turn = await ask(page, 'quotation for 1 DESK-160 to Granary Bookshop')
  const card = await cardIn(turn, 'proposed')
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Shift+Tab')
    if (await card.locator('[data-approve]:focus').count()) break
  }
  await page.keyboard.press('Enter')
  await cardIn(turn, 'applied')
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
