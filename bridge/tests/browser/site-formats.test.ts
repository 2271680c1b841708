import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { ask, cardIn } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

/** A browser that would write everything otherwise than the site says. */
const AMERICAN = { locale: 'en-US', timezoneId: 'America/Los_Angeles' }
const SPACE = '\u00a0'
let pages: Pages

beforeAll(async () => {
  pages = await startPages()
})
beforeEach(() => settings({}))
afterAll(() => pages.stop())

const GERMAN = {
  number_format: '#.###,##',
  date_format: 'dd.mm.yyyy',
  time_format: 'HH:mm',
  currency_precision: '',
}

function settings(values: Record<string, unknown>): void {
  pages.sandbox.site.run('Administrator', (site) => {
    site.save({ ...site.getSingle('System Settings'), ...GERMAN, ...values })
    site.save({ ...site.getDoc('Currency', 'USD'), symbol_on_right: 1 })
    const user = site.getDoc('User', PEOPLE.manager.user)
    site.save({ ...user, time_zone: 'Asia/Kolkata' })
  })
}

const open = (path?: string) => pages.signedIn(PEOPLE.manager, path, AMERICAN)
/** The euro's sign stays on the left. */
const MONEY = new RegExp(`^(€${SPACE})?\\d{1,3}(\\.\\d{3})*,\\d{2}(${SPACE}\\$)?$`)
const DAY = /^\d\d\.\d\d\.\d{4}$/

async function cells(page: Page, label: string): Promise<string[]> {
  const headers = await page.getByRole('columnheader').allInnerTexts()
  const index = headers.findIndex((text) => text.trim() === label)
  expect(index, headers.join()).toBeGreaterThanOrEqual(0)
  return page.locator(`tbody td:nth-child(${index + 1})`).allInnerTexts()
}

it('writes a table, its sentence and its chart as the site does', async () => {
  const page = await open()
  await ask(page, 'unpaid invoices over 500')
  for (const amount of await cells(page, 'Grand Total')) expect(amount).toMatch(MONEY)
  for (const day of await cells(page, 'Payment Due Date')) expect(day).toMatch(DAY)
  const chart = await ask(page, 'which customers owe us most')
  const drawn = chart.locator('[data-chart]')
  await drawn.locator('canvas, svg').first().waitFor()
  // The sentence says it with the code, the axis with the marks of the format alone.
  expect(await chart.innerText()).toMatch(/\d\.\d{3},\d\d USD/)
  expect(await drawn.locator('text').allTextContents()).toContain('5.000,00')
  await chart.getByRole('button', { name: 'Show as table' }).click()
  expect(await chart.locator('tbody td').allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringMatching(MONEY)]),
  )
})

it('writes a card as the site does, with the precision of its currency', async () => {
  settings({ currency_precision: '3' })
  const page = await open()
  const turn = await ask(page, 'quotation for 5 CHAIR-TASK to Thornbury Hotel')
  const card = await cardIn(turn, 'proposed')
  const total = await card.locator('dl [data-fieldname="grand_total"] dd').innerText()
  expect(total).toMatch(new RegExp(`^\\d(\\.\\d{3})?\\d*,\\d{3}${SPACE}\\$$`))
  expect(await card.innerText()).not.toMatch(/\d,\d{3}\.\d/)
  await card.locator('[data-approve]').click()
  const done = await cardIn(turn, 'applied')
  // In Kolkata it is half an hour off the hour of the site's clock, wherever the browser is.
  const said = await done.getByRole('status').innerText()
  const [, day, time] = /(\d\d\.\d\d\.\d{4}) (\d\d:\d\d)(?!:)/.exec(said) ?? []
  expect(`${day} ${time}`).toBe(kolkata(await decidedAt(turn.page())))
})

/** When the newest card was decided, as the bridge has it. */
async function decidedAt(page: Page): Promise<number> {
  const answer = page.waitForResponse((response) => /\/v1\/requests\/[^/?]+$/.test(response.url()))
  await page.reload()
  const request = (await (await answer).json()) as { operation_lists: { decided_at: string }[] }
  return Date.parse(request.operation_lists.at(-1)?.decided_at ?? '')
}

function kolkata(at: number): string {
  const [date = '', time = ''] = new Date(at + 5.5 * 3_600_000).toISOString().split('T')
  return `${date.split('-').reverse().join('.')} ${time.slice(0, 5)}`
}

it('writes limits, usage and the audit as the site does', async () => {
  const usage = await open('/steward/usage')
  await usage.getByText(/^Anew on \d\d\.\d\d\.\d{4}$/).waitFor()
  const limits = await usage.getByRole('region', { name: 'Limits' }).innerText()
  expect(limits).toMatch(/of \d+\.\d{3}/)
  expect(limits).toMatch(/\$\d+,\d\d/)
  const audit = await open('/steward/audit')
  await audit.locator('tbody tr').first().waitFor()
  for (const time of await cells(audit, 'When')) {
    expect(time).toMatch(/^\d\d\.\d\d\.\d{4} \d\d:\d\d$/)
  }
})

it('groups lakhs and crores, and shows seconds where the site does', async () => {
  settings({ number_format: '#,##,###.##', date_format: 'mm/dd/yyyy', time_format: 'HH:mm:ss' })
  const page = await open('/steward/audit')
  await page.locator('tbody tr').first().waitFor()
  expect((await cells(page, 'When'))[0]).toMatch(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/)
  await page.goto(`${pages.sandbox.url}/steward`)
  await ask(page, 'unpaid invoices over 500')
  for (const amount of await cells(page, 'Grand Total'))
    expect(amount).toMatch(/^\D*[\d,]+\.\d\d\D*$/)
})

it('never threw', () => {
  expect(pages.errors).toEqual([])
})
