import type { Locator, Page } from 'playwright-core'

export const composer = (page: Page): Locator => page.getByLabel('Message to Steward')

/** Asks as a person does and waits until the request rests; answers its part of the thread. */
export async function ask(page: Page, text: string): Promise<Locator> {
  const turns = page.locator('[data-request]')
  const before = await turns.count()
  await composer(page).fill(text)
  await composer(page).press('Enter')
  const turn = turns.nth(before)
  await turn.and(page.locator(RESTING)).waitFor()
  return turn
}

export const RESTING =
  '[data-state="completed"], [data-state="failed"], [data-state="cancelled"], [data-state^="waiting"]'

/** The card in a turn, once it is in `state`. */
export async function cardIn(turn: Locator, state: string): Promise<Locator> {
  const card = turn.locator(`[data-operation-list][data-state="${state}"]`).first()
  await card.waitFor()
  return card
}
