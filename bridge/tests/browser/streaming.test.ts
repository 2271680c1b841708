import { afterAll, beforeAll, expect, it } from 'vitest'
import { PEOPLE } from '../support/sample-people.ts'
import { askModel, firstWords, onlyModel } from './support/ask-model.ts'
import { composer } from './support/conversation.ts'
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

it('shows the answer as it comes, and stops the call to the model with it', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await askModel(page, model)
  await firstWords(page, model)

  await composer(page).press('Escape')
  await model.idle()
  await page.locator('[data-request][data-state="cancelled"]').waitFor()
  expect(await page.getByText('Die ersten Worte und noch mehr').isVisible()).toBe(true)
  expect(await page.locator('[data-send]').count()).toBe(1)
})

it('says so when the model breaks off, and keeps what was shown', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await askModel(page, model)
  model.say('Angefangen, aber ')
  await page.getByText('Angefangen, aber').waitFor()
  model.breakOff()
  await page.locator('[data-request][data-state="failed"]').getByRole('alert').waitFor()
  expect(await page.getByText('Angefangen, aber').isVisible()).toBe(true)
})

it('goes on with the stream after the page is loaded again', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await askModel(page, model)
  model.say('Vor dem Laden, ')
  await page.getByText('Vor dem Laden').waitFor()
  await page.reload()
  await page.getByText('Vor dem Laden').waitFor()
  model.say('nach dem Laden')
  await page.getByText('Vor dem Laden, nach dem Laden').waitFor()
  await page.locator('[data-stop]').click()
  await page.locator('[data-request][data-state="cancelled"]').waitFor()
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
