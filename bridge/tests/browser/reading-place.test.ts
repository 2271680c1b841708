/// <reference lib="dom" />
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { askModel, onlyModel } from './support/ask-model.ts'
import { ask, cardIn, composer } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'
import { startSlowModel, type SlowModel } from './support/slow-model.ts'

let model: SlowModel
let pages: Pages

beforeAll(async () => {
  model = await startSlowModel()
  pages = await startPages(onlyModel(model.url, 'slow'))
})
afterAll(async () => {
  await pages.stop()
  await model.stop()
})

const thread = (page: Page) => page.getByRole('log')
const endOf = (page: Page) =>
  thread(page).evaluate((el) => el.scrollHeight - el.scrollTop - el.clientHeight)
/** What the person asked, as it stands in the thread. */
const asked = (page: Page, text: string) =>
  thread(page)
    .locator('p')
    .filter({ hasText: new RegExp(`^\\s*You:\\s*${text}$`) })
/** How far below the top of the thread it stands. */
const below = (page: Page, text: string) =>
  asked(page, text).evaluate((el) => {
    const log = el.closest('[role="log"]')
    return el.getBoundingClientRect().top - (log?.getBoundingClientRect().top ?? 0)
  })

/** A conversation longer than the screen: a chart, two lists and a card. */
async function longThread(page: Page): Promise<void> {
  await ask(page, 'which customers owe us most')
  await ask(page, 'unpaid invoices over 500')
  await ask(page, 'overdue invoices')
  await cardIn(await ask(page, 'quotation for 2 CHAIR-TASK to Thornbury Hotel'), 'proposed')
}

async function scrollUpTo(page: Page, text: string): Promise<void> {
  await thread(page).hover()
  await page.mouse.wheel(0, -20)
  await asked(page, text).evaluate((el) => el.scrollIntoView({ block: 'start' }))
  await page.getByRole('button', { name: 'To the end' }).waitFor()
}

it('stays at the end while an answer comes, and with who scrolled up where they read', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await longThread(page)
  expect(await endOf(page)).toBeLessThan(2)
  await askModel(page, model)
  await model.called()
  for (let n = 0; n < 20; n += 1) model.say(`Absatz ${n}.\n\n`)
  await page.getByText('Absatz 19.').waitFor()
  expect(await endOf(page)).toBeLessThan(2)

  await scrollUpTo(page, 'overdue invoices')
  const place = await below(page, 'overdue invoices')
  for (let n = 20; n < 40; n += 1) model.say(`Absatz ${n}.\n\n`)
  await page.getByText('Absatz 39.').waitFor({ state: 'attached' })
  model.finish()
  await page.locator('[data-state="completed"]').last().waitFor()
  expect(await below(page, 'overdue invoices')).toBeCloseTo(place, 0)
  await page.getByRole('button', { name: 'To the end' }).click()
  expect(await endOf(page)).toBeLessThan(2)
})

it('is where one was after a reload, and back from a document or another page', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await longThread(page)
  await scrollUpTo(page, 'unpaid invoices over 500')
  const place = await below(page, 'unpaid invoices over 500')
  const expectPlace = async () => {
    await page.locator('[data-operation-list]').waitFor()
    await page.locator('[data-chart] svg').first().waitFor()
    await expect.poll(() => below(page, 'unpaid invoices over 500')).toBeCloseTo(place, 0)
  }
  await page.reload()
  await expectPlace()
  const document = await page.locator('tbody a').first().getAttribute('href')
  await page.goto(pages.sandbox.url + document)
  await page.goBack()
  await expectPlace()
  await page.getByRole('link', { name: 'Usage' }).click()
  await page.getByRole('heading', { name: 'Usage' }).waitFor()
  await page.goBack()
  await expectPlace()
  await page.getByRole('button', { name: 'To the end' }).click()
  await page.reload()
  await page.locator('[data-chart] svg').first().waitFor()
  await expect.poll(() => endOf(page)).toBeLessThan(2)
})

it('moves nothing that one reads while an answer streams and a card arrives', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await composer(page).waitFor()
  await page.evaluate(watchShifts)
  await askModel(page, model)
  await model.called()
  for (let n = 0; n < 30; n += 1) {
    model.say(`Satz ${n} der Antwort, lang genug für mehr als eine Zeile auf dem Schirm. `)
    await page.getByText(`Satz ${n} der`).waitFor()
  }
  model.finish()
  await page.locator('[data-state="completed"]').last().waitFor()
  const streamed = await shifted(page)
  const turn = await ask(page, 'quotation for 2 CHAIR-TASK to Thornbury Hotel')
  await cardIn(turn, 'proposed')
  const whole = await shifted(page)
  console.log(`layout shift: ${streamed.toFixed(3)} while streaming, ${whole.toFixed(3)} in all`)
  expect(whole).toBeLessThan(0.05)
})

const shifted = (page: Page) =>
  page.evaluate(() => (window as unknown as { shifted: number }).shifted)

/** Sums what Chromium counts as layout shift. */
function watchShifts(): void {
  const sum = window as unknown as { shifted: number }
  sum.shifted = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      sum.shifted += (entry as PerformanceEntry & { value: number }).value
    }
  }).observe({ type: 'layout-shift' })
}

it('measures a shift where there is one', async () => {
  const page = await pages.open()
  await page.setContent('<p>above</p><p style="height:300px">what one reads</p>')
  await page.evaluate(watchShifts)
  await page.evaluate(() => document.querySelector('p')?.style.setProperty('height', '300px'))
  await expect.poll(() => shifted(page)).toBeGreaterThan(0.05)
})

it('never threw', () => {
  expect(pages.errors).toEqual([])
})
