import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { logIn as signInToSite } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startAlonePages, type AlonePages } from './support/alone.ts'
import { ask, composer } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let alone: AlonePages
let pages: Pages

beforeAll(async () => {
  alone = await startAlonePages()
  pages = await startPages({ STEWARD_ALLOWED_ORIGINS: alone.url }, [alone.url])
  alone.use(pages.bridge.url, 'the sandbox')
})
afterAll(async () => {
  await pages.stop()
  await alone.stop()
})

async function logIn(page: Page): Promise<void> {
  await page.getByLabel('Email').fill(PEOPLE.user.user)
  await page.getByLabel('Password').fill(PEOPLE.user.password)
  await page.getByRole('button', { name: 'Login' }).click()
}

it('signs in through ERPNext and comes back where one was, with nothing secret in an address', async () => {
  const page = await pages.open()
  const addresses: string[] = []
  page.on('request', (request) => {
    if (request.isNavigationRequest()) addresses.push(request.url())
  })
  await page.goto(`${alone.url}/steward/requests`)
  await page.getByRole('heading', { name: 'Sign in to Steward' }).waitFor()
  await page.locator('[data-sign-in]').focus()
  await page.keyboard.press('Enter')
  await logIn(page)
  await page.getByRole('heading', { name: 'Requests' }).waitFor()
  expect(page.url()).toBe(`${alone.url}/steward/requests`)
  const asked = addresses.find((address) => address.includes('oauth2.authorize'))
  expect(new URL(asked ?? '').searchParams.get('code_challenge_method')).toBe('S256')
  expect(addresses.join('\n')).not.toMatch(/access_token|refresh_token|eyJ/)

  await page.getByRole('link', { name: 'Steward', exact: true }).click()
  const turn = await ask(page, 'how many customers do we have')
  await turn.locator('[data-answer]').waitFor()
  expect(await turn.innerText()).toMatch(/\d+/)
})

it('asks for consent where the site wants it, and says so when it is denied', async () => {
  await askForConsent()
  const page = await pages.open()
  await page.goto(`${alone.url}/steward`)
  await page.locator('[data-sign-in]').click()
  await logIn(page)
  await page.getByRole('link', { name: 'Deny' }).click()
  await page.getByText('ERPNext did not allow the sign-in.').waitFor()
  await page.locator('[data-sign-in]').click()
  await page.getByRole('link', { name: 'Allow' }).click()
  await composer(page).waitFor()
})

/** The administrator takes Steward's OAuth client off the trusted ones. */
async function askForConsent(): Promise<void> {
  const { user, password } = PEOPLE.manager
  const { cookie, csrf } = await signInToSite(pages.sandbox.url, user, password)
  const clients = `${pages.sandbox.url}/api/resource/OAuth Client`
  const { data } = (await (await fetch(clients, { headers: { cookie } })).json()) as {
    data: { name: string }[]
  }
  const answer = await fetch(`${clients}/${data[0]?.name}`, {
    method: 'PUT',
    headers: { cookie, 'X-Frappe-CSRF-Token': csrf, 'content-type': 'application/json' },
    body: JSON.stringify({ skip_authorization: 0 }),
  })
  expect(answer.status).toBe(200)
}

it('never threw, and never asked anyone but the site, the bridge and the pages', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
