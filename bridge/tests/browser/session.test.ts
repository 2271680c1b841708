import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { ask, cardIn, composer } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let pages: Pages

beforeAll(async () => {
  pages = await startPages()
})
afterAll(() => pages.stop())

it('sends a visitor through the log-in of the site and back to where they wanted to be', async () => {
  const page = await pages.open()
  await page.goto(`${pages.sandbox.url}/steward/requests`)
  await page.getByLabel('Email').fill(PEOPLE.user.user)
  await page.getByLabel('Password').fill(PEOPLE.user.password)
  await page.getByRole('button', { name: 'Login' }).click()
  await page.getByRole('heading', { name: 'Requests' }).waitFor()
})

it('keeps the typed message when the sign-in ended, and sends it after signing in again', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await ask(page, 'how many customers do we have')
  await logOutElsewhere(page.context().request)
  await composer(page).fill('how many suppliers do we have')
  await composer(page).press('Enter')
  await page.getByText('Your sign-in has ended').waitFor()
  expect(await composer(page).inputValue()).toBe('how many suppliers do we have')

  await signInAgain(page)
  await composer(page).press('Enter')
  await page.locator('[data-request]').nth(1).locator('[data-answer]').waitFor()
  await page.reload()
  const thread = page.locator('[data-request]')
  await thread.last().locator('[data-answer]').waitFor()
  expect(await thread.last().textContent()).toContain('how many suppliers do we have')
})

it('keeps a card when the sign-in ended, and approves it after signing in again', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const turn = await ask(page, 'quotation for 2 CHAIR-TASK to Thornbury Hotel')
  const card = await cardIn(turn, 'proposed')
  await logOutElsewhere(page.context().request)
  await card.locator('[data-approve]').click()
  await page.getByText('Your sign-in has ended').waitFor()
  await signInAgain(page)
  await card.locator('[data-approve]').click()
  await cardIn(turn, 'applied')
})

/** Signs in to ERPNext in another tab, and tells the page so. */
async function signInAgain(page: Page): Promise<void> {
  const other = await page.context().newPage()
  await other.goto(`${pages.sandbox.url}/login`)
  await other.getByLabel('Email').fill(PEOPLE.user.user)
  await other.getByLabel('Password').fill(PEOPLE.user.password)
  await other.getByRole('button', { name: 'Login' }).click()
  await other.waitForURL(/\/app/)
  await page.getByRole('button', { name: 'I have signed in' }).click()
  await page.getByText('Your sign-in has ended').waitFor({ state: 'detached' })
}

/** Ends the ERPNext session of that browser, as another tab's log-out does. */
async function logOutElsewhere(request: {
  get(url: string): Promise<{ ok(): boolean }>
}): Promise<void> {
  const answer = await request.get(`${pages.sandbox.url}/api/method/logout`)
  expect(answer.ok()).toBe(true)
}

it('keeps tokens out of every storage of the browser', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await ask(page, 'how many customers do we have')
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  )
  expect(stored).not.toMatch(/eyJ|token|bearer/i)
})

it('lets a viewer look and not approve', async () => {
  const page = await pages.signedIn(PEOPLE.viewer)
  await ask(page, 'create a to-do to call the bank')
  expect(await page.locator('[data-approve]').count()).toBe(0)
  expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0)
})

it('opens history, usage and settings for a manager', async () => {
  const page = await pages.signedIn(PEOPLE.manager)
  await ask(page, 'how many customers do we have')
  await page.getByRole('link', { name: 'Details' }).click()
  await page.getByRole('heading', { name: 'Why it was handled so' }).waitFor()
  await page.getByRole('button', { name: 'This was wrong' }).waitFor()
  await page.getByRole('link', { name: 'Requests' }).click()
  await page
    .getByRole('link', { name: /how many customers/ })
    .first()
    .waitFor()
  await page.getByRole('link', { name: 'Usage' }).click()
  await page.getByText('Model calls').waitFor()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Model providers' }).waitFor()
  expect(await page.getByText('could not be loaded').count()).toBe(0)
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
