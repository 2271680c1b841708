import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { startScriptedModel, textOfMessage } from '../assistant/support/scripted-model.ts'
import type { Reply, ScriptedModel, WireMessage } from '../assistant/support/scripted-model.ts'
import { logIn } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { onlyModel } from './support/ask-model.ts'
import { ask, cardIn } from './support/conversation.ts'
import { startPages, type Pages } from './support/pages.ts'

let model: ScriptedModel
let pages: Pages

beforeAll(async () => {
  model = await startScriptedModel(script)
  pages = await startPages(onlyModel(model.url, 'scripted'))
})
afterAll(async () => {
  await pages.stop()
  await model.stop()
})

/** Nothing for the local planner: a model is asked, and proposes an invoice, its submit and an update. */
const THREE = 'Bitte Novak Engineering eine gebuchte Rechnung über zwei Lampen schreiben'
const CUSTOMER = 'Novak Engineering'

/** The same for a deletion. */
const DELETE = 'Bitte den Kunden Leaving Ltd für immer löschen'
const LEAVING = 'Leaving Ltd'

function script(messages: WireMessage[]): Reply {
  const asked = textOfMessage(messages.findLast(({ role }) => role === 'user'))
  return asked.includes('löschen') ? deletion(messages) : threeChanges(messages)
}

function deletion(messages: WireMessage[]): Reply {
  if (messages.some(({ role }) => role === 'tool')) return { text: 'Bitte ansehen.' }
  const args = { doctype: 'Customer', name: LEAVING }
  return { calls: [{ name: 'propose_delete', args }] }
}

function threeChanges(messages: WireMessage[]): Reply {
  const results = messages.filter(({ role }) => role === 'tool')
  if (results.length === 0) {
    const items = [{ item_code: 'LAMP-DESK', qty: 2 }]
    const args = { doctype: 'Sales Invoice', values: { customer: CUSTOMER, items } }
    return { calls: [{ name: 'propose_create', args }] }
  }
  if (results.length > 1) return { text: 'Bitte ansehen und freigeben.' }
  const made = /"operation_id":\s*"([^"]+)"/.exec(textOfMessage(results[0]))?.[1]
  const values = { website: 'https://novak.example', customer_details: 'pays by invoice' }
  return {
    calls: [
      { name: 'propose_submit', args: { doctype: 'Sales Invoice', name: made } },
      { name: 'propose_update', args: { doctype: 'Customer', name: CUSTOMER, values } },
    ],
  }
}

async function onSite(path: string, body?: unknown): Promise<Record<string, unknown>> {
  const { user, password } = PEOPLE.manager
  const { cookie, csrf } = await logIn(pages.sandbox.url, user, password)
  const answer = await fetch(`${pages.sandbox.url}/api/resource/${path}`, {
    method: body ? (path.includes('/') ? 'PUT' : 'POST') : 'GET',
    headers: { cookie, 'X-Frappe-CSRF-Token': csrf, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return ((await answer.json()) as { data: Record<string, unknown> }).data
}

/** Tabs on until the element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.and(page.locator(':focus')).count()) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the focus never came there')
}

async function tableRows(card: Locator, label: string): Promise<string[]> {
  const table = card.getByRole('group', { name: label })
  return (await table.locator('tbody tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '))
}

it('shows several changes on one card, approves all, and undoes all but what somebody changed since', async () => {
  const page = await pages.signedIn(PEOPLE.manager)
  const turn = await ask(page, THREE)
  const card = await cardIn(turn, 'proposed')
  expect(await card.locator('article').count()).toBe(3)
  const ledger = await tableRows(card, 'Ledger entries')
  expect(ledger.find((row) => row.includes('Debtors'))).toContain('$ 108.00')
  expect(ledger.find((row) => row.includes('Sales'))).toContain('$ 108.00')

  await card.getByRole('button', { name: 'Approve all 3' }).click()
  const done = await cardIn(turn, 'applied')
  expect(await done.getByRole('status').getByRole('link').allInnerTexts()).toHaveLength(3)
  expect(await onSite(`Customer/${CUSTOMER}`)).toMatchObject({ website: 'https://novak.example' })

  await onSite(`Customer/${CUSTOMER}`, { customer_details: 'written by somebody else' })
  await done.locator('[data-undo]').click()
  const undo = page.locator('[data-operation-list][data-state="proposed"]')
  await undo.waitFor()
  const conflicts = await undo.locator('[data-conflicts]').innerText()
  expect(conflicts).toContain('written by somebody else')
  expect(conflicts).toContain('pays by invoice')
  await undo.locator('[data-approve]').click()
  await page.getByText('Undone', { exact: true }).waitFor()
  const customer = await onSite(`Customer/${CUSTOMER}`)
  expect(customer.website ?? '').toBe('')
  expect(customer.customer_details).toBe('written by somebody else')
})

it('keeps several cards apart: one approved, one rejected, by keyboard alone', async () => {
  const page = await pages.signedIn(PEOPLE.user)
  const turn = await ask(
    page,
    'quotation for 1 DESK-160 to Granary Bookshop and quotation for 2 LAMP-DESK to Novak Engineering',
  )
  const cards = turn.locator('[data-operation-list]')
  expect(await cards.count()).toBe(2)
  await tabTo(page, cards.nth(0).locator('[data-approve]'))
  await page.keyboard.press('Enter')
  await cards.nth(0).and(page.locator('[data-state="applied"]')).waitFor()
  expect(await cards.nth(1).getAttribute('data-state')).toBe('proposed')
  await tabTo(page, cards.nth(1).locator('[data-reject]'))
  await page.keyboard.press('Space')
  await cards.nth(1).and(page.locator('[data-state="rejected"]')).waitFor()
  expect(await cards.nth(0).getAttribute('data-state')).toBe('applied')
})

it('shows what a delivery takes out of stock', async () => {
  const page = await pages.signedIn(PEOPLE.manager)
  const turn = await ask(page, 'delivery note for 3 DESK-160 to Novak Engineering')
  await (await cardIn(turn, 'proposed')).locator('[data-approve]').click()
  await cardIn(turn, 'applied')
  const submit = await cardIn(await ask(page, 'submit it'), 'proposed')
  const stock = await tableRows(submit, 'Stock movements')
  expect(stock).toHaveLength(1)
  expect(stock[0]).toMatch(/DESK-160 .*-3/)
})

it('says on the card of a deletion what comes back, and brings it back', async () => {
  await onSite('Customer', { customer_name: LEAVING, customer_type: 'Company' })
  const refers = { reference_doctype: 'Customer', reference_name: LEAVING }
  await onSite('Comment', { comment_type: 'Comment', content: 'Pays late', ...refers })
  const page = await pages.signedIn(PEOPLE.manager)
  const turn = await ask(page, DELETE)
  const card = await cardIn(turn, 'proposed')
  const statement = await card.locator('[data-undo-statement]').innerText()
  expect(statement).toContain('Undo restores the Customer. With it come back: comments (1).')
  await card.locator('[data-approve]').click()
  await (await cardIn(turn, 'applied')).locator('[data-undo]').click()
  const undo = page.locator('[data-operation-list][data-state="proposed"]')
  expect(await undo.locator('article h4').innerText()).toMatch(/^Restore Customer/)
  await undo.locator('[data-approve]').click()
  await page.getByText('Undone', { exact: true }).waitFor()
  const filters = JSON.stringify([['reference_name', '=', LEAVING]])
  expect(await onSite(`Comment?filters=${encodeURIComponent(filters)}`)).toHaveLength(1)
})

it('fits a phone: nothing wider than the screen, tables scroll by themselves', async () => {
  const page = await pages.signedIn(PEOPLE.manager, '/steward', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const turn = await ask(page, THREE)
  const card = await cardIn(turn, 'proposed')
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  expect(width).toBeLessThanOrEqual(390)
  const box = await card.boundingBox()
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390)
  await card.locator('[data-reject]').tap()
  await cardIn(turn, 'rejected')
})

it('never threw, and never asked anyone but the site and the bridge', () => {
  expect(pages.errors).toEqual([])
  expect(pages.strangers).toEqual([])
})
