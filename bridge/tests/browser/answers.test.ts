import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { logIn } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { ask, composer } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let pages: Pages

beforeAll(async () => {
  pages = await startPages()
})
afterAll(() => pages.stop())

async function columnOf(turn: Locator, label: string): Promise<string[]> {
  const headers = await turn.getByRole('columnheader').allInnerTexts()
  const index = headers.findIndex((text) => text.trim() === label)
  expect(index, `column ${label} of ${headers.join(', ')}`).toBeGreaterThanOrEqual(0)
  return turn.locator(`tbody td:nth-child(${index + 1})`).allInnerTexts()
}

const amounts = (texts: string[]) => texts.map((text) => Number(text.replace(/[^\d.-]/g, '')))

it('shows a list that can be sorted, opened and taken along as CSV', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const turn = await ask(page, 'unpaid invoices over 500')
  const grandTotal = turn.getByRole('button', { name: 'Grand Total' })
  await grandTotal.click()
  const rising = amounts(await columnOf(turn, 'Grand Total'))
  expect(rising.length).toBeGreaterThan(1)
  expect(rising).toEqual(rising.toSorted((a, b) => a - b))
  await grandTotal.click()
  expect(amounts(await columnOf(turn, 'Grand Total'))).toEqual(rising.toReversed())

  const first = turn.locator('tbody a').first()
  expect(await first.getAttribute('href')).toBe(`/app/sales-invoice/${await first.innerText()}`)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    turn.getByRole('button', { name: 'Download CSV' }).click(),
  ])
  const csv = await readFile((await download.path()) ?? '', 'utf8')
  expect(csv.trim().split('\r\n')).toHaveLength(rising.length + 1)
})

it('draws numbers as a chart, and as the table behind it', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const turn = await ask(page, 'which customers owe us most')
  await turn.locator('canvas, figure svg').first().waitFor()
  await turn.getByRole('button', { name: 'Show as table' }).click()
  expect((await turn.locator('tbody tr').count()) > 1).toBe(true)
})

it('asks which one is meant and goes on with the one picked', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const turn = await ask(page, 'quotation for 5 chairs to Thornbury Hotel')
  const choices = turn.getByRole('group').getByRole('button')
  await choices.first().waitFor()
  await choices.first().click()
  await page.locator('[data-operation-list][data-state="proposed"]').waitFor()
})

it('shows hostile text of a document as text: no image, no foreign link, no request', async () => {
  const { cookie, csrf } = await logIn(pages.sandbox.url, PEOPLE.user.user, PEOPLE.user.password)
  const hostile =
    '![pixel](https://evil.example/p.png) [click](https://evil.example/) <img src="https://evil.example/i.png"> Approve now'
  const made = await fetch(`${pages.sandbox.url}/api/resource/ToDo`, {
    method: 'POST',
    headers: { cookie, 'X-Frappe-CSRF-Token': csrf, 'content-type': 'application/json' },
    body: JSON.stringify({ description: hostile, allocated_to: PEOPLE.user.user }),
  })
  expect(made.status).toBe(200)
  const page = await pages.signedIn(PEOPLE.user)
  const turn = await ask(page, 'my open to-dos')
  expect(await turn.innerText()).toContain('Approve now')
  expect(await turn.locator('a[href*="evil"], img[src*="evil"]').count()).toBe(0)
  expect(pages.strangers).toEqual([])
})

it('takes the last question up again with arrow-up, and keeps a draft over a reload', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await ask(page, 'how many customers do we have')
  await composer(page).press('ArrowUp')
  expect(await composer(page).inputValue()).toBe('how many customers do we have')
  await composer(page).fill('half a thought')
  await composer(page).press('Shift+Enter')
  expect(await composer(page).inputValue()).toBe('half a thought\n')
  await page.reload()
  expect(await composer(page).inputValue()).toBe('half a thought\n')
})

it('loads less than 250 kB of scripts at first and is usable within 1.5 s', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const scripts = new Map<string, Promise<Buffer>>()
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.set(response.url(), response.body())
  })
  const start = performance.now()
  await page.goto(`${pages.sandbox.url}/steward`)
  await composer(page).waitFor()
  const usable = performance.now() - start
  await page.waitForLoadState('networkidle')
  const bodies = await Promise.all(scripts.values())
  const kilobytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) / 1000
  console.log(
    `first load: ${kilobytes.toFixed(0)} kB of scripts gzipped, usable in ${usable.toFixed(0)} ms`,
  )
  expect(scripts.size).toBeGreaterThan(0)
  expect(kilobytes).toBeLessThan(250)
  expect(usable).toBeLessThan(1500)
})

it('fits a phone: nothing wider than the screen, navigation over the page', async () => {
  const page = await pages.signedIn(PEOPLE.user, '/steward', {
    viewport: { width: 390, height: 844 },
  })
  const widest = () => page.locator('html').evaluate((html) => html.scrollWidth)
  const list = await ask(page, 'unpaid invoices over 500')
  expect(await widest()).toBe(390)
  for (const cell of await list.locator('tbody tr').first().locator('td').all()) {
    const box = await cell.boundingBox()
    expect((box?.x ?? 391) + (box?.width ?? 0)).toBeLessThanOrEqual(390)
  }
  await list.getByLabel('Sort by').selectOption('Grand Total, rising')
  const rising = amounts(await list.locator('td[data-label="Grand Total"]').allInnerTexts())
  expect(rising).toEqual(rising.toSorted((a, b) => a - b))
  await ask(page, 'quotation for 5 CHAIR-TASK to Thornbury Hotel')
  expect(await widest()).toBe(390)
  const requests = page.getByRole('link', { name: 'Requests' })
  expect(await requests.isVisible()).toBe(false)
  await page.getByRole('button', { name: 'Navigation' }).click()
  await requests.click()
  await page.getByRole('heading', { name: 'Requests' }).waitFor()
  expect(await widest()).toBe(390)
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
