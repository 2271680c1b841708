import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createDataRules } from '../../src/features/gateway/index.ts'
import type { Conversation, RouteDecision } from '../../src/shared/assistant-protocol.ts'
import { startGatewayStack, type GatewayStack } from '../../bench/gateway-stack.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { LOCAL, startBench, type Bench } from './support/assistant-bench.ts'
import { ask, textOf } from './support/event-stream.ts'
import { startScriptedModel, type Reply, type ScriptedModel } from './support/scripted-model.ts'
import { SitePeople, type SitePerson } from './support/site-people.ts'

const WITHHELD = ['Customer.customer_group', 'Employee', 'Sales Invoice.grand_total']
const SMALL: RouteDecision = { ...LOCAL, handler: 'small' }

let people: SitePeople
let ivy: SitePerson
let open: ScriptedModel
let strict: ScriptedModel
let stack: GatewayStack
let bench: Bench
let openScript: (round: number) => Reply
let strictScript: (round: number) => Reply
/** Real values of the field that the strict provider may not see. */
let groups: string[]

beforeAll(async () => {
  people = await SitePeople.start()
  ivy = await people.signIn(PEOPLE.user)
  const rows = await ivy.session.list('Customer', { fields: ['customer_group'], limit: 3 })
  groups = [...new Set(rows.map((row) => String(row.customer_group)))]
  open = await startScriptedModel((messages) => openScript(rounds(messages)))
  strict = await startScriptedModel((messages) => strictScript(rounds(messages)))
  stack = await startGatewayStack({
    providers: [provider('open', open.url, 1, []), provider('strict', strict.url, 2, WITHHELD)],
  })
  bench = await startBench({
    brain: async function* () {
      yield { type: 'pass', reason: 'Not mine.' }
    },
    session: () => ivy.session,
    ports: {
      gateway: stack.feature.gateway,
      router: { route: () => SMALL, correct: async () => undefined },
      people: { identity: async () => ivy.identity },
      masking: { rules: async () => createDataRules(WITHHELD) },
    },
  })
})
afterAll(async () => {
  await bench.stop()
  await stack.close()
  await Promise.all([open.stop(), strict.stop(), people.stop()])
})
beforeEach(() => {
  open.requests.length = 0
  strict.requests.length = 0
})

function provider(name: string, url: string, priority: number, withheld: string[]) {
  return {
    connection: { name, kind: 'openai_compatible' as const, base_url: url, api_key: 'none' },
    small_models: ['m'],
    large_models: ['m'],
    priority,
    withheld,
  }
}

function rounds(messages: { role: string }[]): number {
  return messages.slice(messages.findLastIndex(({ role }) => role === 'user')).length
}

const caller = () => bench.as(PEOPLE.user.user)
const begin = () => caller().post<Conversation>('/conversations')
const sentTo = (model: ScriptedModel) =>
  JSON.stringify(model.requests.map(({ messages }) => messages))
const list = (doctype: string, fields: string[]) => ({
  calls: [{ name: 'list_records', args: { doctype, fields, limit: 3, title: 'Rows' } }],
})
/** A provider that failed rests; the next conversation must find it well again. */
const rested = () => new Promise((resolve) => setTimeout(resolve, 0))

it('masks what leaves by the provider that is called, also when it steps in for another', async () => {
  openScript = (round) =>
    round === 1 ? list('Customer', ['name', 'customer_group']) : { status: 500 }
  strictScript = () => ({ text: 'Here they are.' })
  const conversation = await begin()
  const events = await ask(caller(), conversation.id, 'some customers please')
  expect(textOf(events)).toBe('Here they are.')
  expect(groups.length).toBeGreaterThan(0)
  for (const group of groups) {
    expect(sentTo(open)).toContain(group)
    expect(sentTo(strict)).not.toContain(group)
  }
  expect(sentTo(strict)).toContain('[masked]')
  expect(JSON.stringify(events)).not.toContain('[masked]')
  await rested()
})
