import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectBridge } from '../../sandbox/bridge-connection.ts'
import { freePort } from '../servers/server-process.ts'
import { startBridgeProcess, type BridgeProcess } from '../support/bridge-process.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { siteEnvironment } from '../support/start-test-bridge.ts'
import { askModel, firstWords } from './support/ask-model.ts'
import { ask, cardIn, composer } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'
import { startSlowModel, type SlowModel } from './support/slow-model.ts'

let folder: string
let model: SlowModel
let pages: Pages
let environment: Record<string, string>
let bridge: BridgeProcess

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-killed-'))
  model = await startSlowModel()
  const port = await freePort()
  pages = await startPages({}, [`http://127.0.0.1:${port}`])
  environment = {
    ...siteEnvironment(pages.sandbox),
    STEWARD_PORT: `${port}`,
    STEWARD_DATA_DIR: folder,
    STEWARD_OPENAI_COMPATIBLE_URL: model.url,
    STEWARD_SMALL_MODELS: 'openai_compatible/slow',
    STEWARD_FREE_MODELS: 'openai_compatible/slow',
  }
  bridge = await startBridgeProcess(environment)
  connectBridge(pages.sandbox, bridge.url)
})
afterAll(async () => {
  await bridge.kill()
  await pages.stop()
  await model.stop()
  await rm(folder, { recursive: true, force: true })
})

it('keeps on the page what was shown when the bridge is killed, and says that it is not complete', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await askModel(page, model)
  await firstWords(page, model)
  await bridge.kill()
  bridge = await startBridgeProcess(environment)

  const failed = page.locator('[data-request][data-state="failed"]')
  await failed.getByRole('alert').first().waitFor({ timeout: 60_000 })
  expect(await page.getByText('Die ersten Worte und noch mehr').isVisible()).toBe(true)
  await page.reload()
  await page.getByText('Die ersten Worte').waitFor()
  await page.getByText('This answer is not complete').waitFor()

  // The same page works on with the bridge that came back.
  const turn = await ask(page, 'quotation for 2 CHAIR-TASK to Thornbury Hotel')
  await cardIn(turn, 'proposed')
}, 180_000)

it('says that the bridge is away, keeps what is typed, and goes on by itself when it is back', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  await ask(page, 'how many customers do we have')
  await bridge.kill()
  await composer(page).fill('how many suppliers do we have')
  await composer(page).press('Enter')
  const away = page.locator('[data-bridge-away]')
  await away.waitFor()
  expect(await composer(page).inputValue()).toBe('how many suppliers do we have')
  // A list that is opened meanwhile loads by itself afterwards, and the draft outlives the way there.
  const conversation = page.url()
  await page.getByRole('link', { name: 'Requests' }).click()
  await page.getByText('This could not be loaded').waitFor()

  bridge = await startBridgeProcess(environment)
  await away.waitFor({ state: 'detached', timeout: 60_000 })
  await page
    .getByRole('link', { name: /how many customers/ })
    .first()
    .waitFor()
  await page.goto(conversation)
  await page.locator('[data-request]').first().waitFor()
  expect(await composer(page).inputValue()).toBe('how many suppliers do we have')
  await composer(page).press('Enter')
  await page.locator('[data-request]').nth(1).locator('[data-answer]').waitFor()
}, 180_000)
