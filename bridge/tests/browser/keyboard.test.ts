/// <reference lib="dom" />
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { ask, cardIn, composer, RESTING } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let pages: Pages

beforeAll(async () => {
  pages = await startPages()
})
afterAll(() => pages.stop())

/** Presses `key` until what has the focus matches; every stop on the way shows that it has it. */
async function go(page: Page, key: 'Tab' | 'Shift+Tab', to: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key)
    const stop = await page.evaluate((selector) => {
      const element = document.activeElement
      if (!element || element === document.body) return { there: false, shown: true, what: '' }
      const { outlineStyle, boxShadow } = getComputedStyle(element)
      const ringed = outlineStyle !== 'none' || boxShadow !== 'none'
      const shown = ringed || (element instanceof HTMLTextAreaElement && framed(element))
      return { there: element.matches(selector), shown, what: element.outerHTML.slice(0, 120) }

      /** The composer's form has the frame in its stead. */
      function framed(field: HTMLTextAreaElement): boolean {
        const frame = () => field.form && getComputedStyle(field.form).borderColor
        const focused = frame()
        field.blur()
        const blurred = frame()
        field.focus()
        return focused !== blurred
      }
    }, to)
    expect(stop.shown, `focus shows on ${stop.what}`).toBe(true)
    if (stop.there) return
  }
  throw new Error(`Nothing that matches ${to} was reached with ${key}.`)
}

it('takes the main job from sentence to undo without a mouse', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await composer(page).waitFor()
  expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true)
  await page.keyboard.type('quotation for 2 CHAIR-TASK to Thornbury Hotel')
  await page.keyboard.press('Enter')
  const turn = page.locator('[data-request]').first()
  await turn.and(page.locator(RESTING)).waitFor()
  await cardIn(turn, 'proposed')

  await go(page, 'Shift+Tab', '[data-approve]')
  await page.keyboard.press('Enter')
  await cardIn(turn, 'applied')
  await go(page, 'Tab', 'textarea')
  await go(page, 'Shift+Tab', '[data-undo]')
  await page.keyboard.press('Space')
  const undo = page.locator('[data-operation-list][data-state="proposed"]')
  await undo.waitFor()
  await go(page, 'Tab', '[data-approve]')
  await page.keyboard.press('Enter')
  await page.getByText('Undone').first().waitFor()
})

it('breaks lines with Shift+Enter, brings the last ask back, and keeps a draft over loading again', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await ask(page, 'how many customers do we have')
  await page.keyboard.press('ArrowUp')
  expect(await composer(page).inputValue()).toBe('how many customers do we have')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('and suppliers')
  const draft = 'how many customers do we have\nand suppliers'
  expect(await composer(page).inputValue()).toBe(draft)
  expect(await page.locator('[data-request]').count()).toBe(1)
  await page.reload()
  await page.locator('[data-request]').waitFor()
  expect(await composer(page).inputValue()).toBe(draft)
})

it('opens a menu with Enter, moves in it with arrows, leaves it with Esc, and comes back', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await ask(page, 'how many items do we have')
  await go(page, 'Shift+Tab', '[aria-label="More for how many items do we have"]')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Rename' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await page.getByRole('menuitem', { name: 'Rename' }).waitFor({ state: 'detached' })
  const back = page.getByRole('button', { name: 'More for how many items do we have' })
  expect(await back.evaluate((button) => button === document.activeElement)).toBe(true)
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
