import type { Page } from 'playwright-core'
import { composer } from './conversation.ts'
import type { SlowModel } from './slow-model.ts'

/** Not a thing for the local planner: a model is asked. */
const QUESTION = 'Bitte erkläre mir, warum die Angebote in diesem Jahr so oft verloren gehen'

/** A bridge whose every tier is one free model of the server at `url`. */
export function onlyModel(url: string, name: string): Record<string, string> {
  const model = `openai_compatible/${name}`
  return {
    STEWARD_OPENAI_COMPATIBLE_URL: url,
    STEWARD_SMALL_MODELS: model,
    STEWARD_LARGE_MODELS: model,
    STEWARD_FREE_MODELS: model,
  }
}

/** Asks in the page and waits until the model has been called. */
export async function askModel(page: Page, model: SlowModel): Promise<void> {
  await composer(page).fill(QUESTION)
  await composer(page).press('Enter')
  await model.called()
}

/** Lets the model say its first words in two pieces, each of which the page shows as it comes. */
export async function firstWords(page: Page, model: SlowModel): Promise<void> {
  model.say('Die ersten Worte ')
  await page.getByText('Die ersten Worte').waitFor()
  model.say('und noch mehr')
  await page.getByText('Die ersten Worte und noch mehr').waitFor()
}
