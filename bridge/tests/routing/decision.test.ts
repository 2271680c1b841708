import { describe, expect, test } from 'vitest'
import type { PastMessage } from '../../src/features/assistant/brain.ts'
import {
  createVocabulary,
  decide,
  shippedModel,
} from '../../src/features/assistant/routing/index.ts'
import type { SiteWords } from '../../src/shared/site-protocol.ts'

const doctype = (name: string, label = name) => ({
  doctype: name,
  label,
  module: 'Selling',
  is_submittable: true,
  can_create: true,
})
const words: SiteWords = {
  version: '1',
  language: 'en',
  doctypes: ['Sales Invoice', 'Sales Order', 'Quotation', 'Customer', 'Item', 'ToDo']
    .map((name) => doctype(name))
    .concat(doctype('Purchase Invoice', 'Eingangsrechnung')),
  reports: [],
}
const vocabulary = createVocabulary(words)
const model = shippedModel()
const BOTH = { small: true, large: true }

function route(text: string, options: { history?: PastMessage[]; tiers?: typeof BOTH } = {}) {
  const { history = [], tiers = BOTH } = options
  return decide({ text, page: null, history, vocabulary, tiers, thresholds: {} }, model)
}

function answered(memory: unknown): PastMessage[] {
  return [{ role: 'assistant', text: '', documents: [], tables: [], memory }]
}

describe('routing', () => {
  test.each([
    ['unpaid invoices over 500 due this month', 'list'],
    ['which customers owe us most', 'aggregate'],
    ['quotation for 5 chairs to Brightwater, 10 % off', 'create'],
    ['set the due date of ACC-SINV-2026-00012 to Friday', 'update'],
    ['cancel SAL-ORD-2026-00003', 'submit'],
    ['tell me a joke about penguins', 'out_of_scope'],
  ] as const)('answers "%s" here, as %s', (text, requestClass) => {
    const decision = route(text)
    expect(decision).toMatchObject({ class: requestClass, handler: 'local' })
    expect(decision.candidates[0]!.class).toBe(requestClass)
    expect(decision.reason).toMatch(/\d %/)
  })

  test('forecasts and explanations go to the large model', () => {
    expect(route('why did our sales drop last quarter?')).toMatchObject({
      class: 'insight',
      handler: 'large',
    })
  })

  test('another language goes to a model', () => {
    expect(route('Zeige mir alle offenen Rechnungen von diesem Monat').handler).toBe('small')
    expect(route('未払いの請求書を見せて').handler).toBe('small')
  })

  test('without a model everything is answered here', () => {
    const none = { small: false, large: false }
    expect(route('why did our sales drop last quarter?', { tiers: none }).handler).toBe('local')
  })

  test('a mistyped document still counts as that document', () => {
    expect(route('how many open sales ordres').class).toBe('aggregate')
    expect(vocabulary.mentions('qoutation')[0]).toMatchObject({ value: 'Quotation', exact: false })
  })

  test("the site's own labels are words of the site", () => {
    expect(vocabulary.mentions('alle Eingangsrechnung')[0]).toMatchObject({
      value: 'Purchase Invoice',
      exact: true,
    })
  })

  test('two asks in one message are split', () => {
    const { parts, handler } = route('show open sales orders and create a todo to call Hollis')
    expect(parts.map((part) => part.class)).toEqual(['list', 'create'])
    expect(handler).toBe('local')
  })

  test('a short reply is read in the light of the answer before', () => {
    expect(route('only the overdue ones', { history: answered({ class: 'list' }) }).class).toBe(
      'list',
    )
    const waiting = answered({ class: 'create', waiting: true })
    expect(route('the bakery', { history: waiting }).class).toBe('create')
  })
})
