import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OperationInput } from '../../src/shared/site-protocol.ts'
import { documentOf } from './support/site-client.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import { SellingWorkshop } from './support/selling.ts'
import type { Member } from './support/workshop.ts'

/** Rarely used, so that people of a real site hardly meet the workflow of this test. */
const DOCTYPE = 'Supplier Quotation'

let workshop: SellingWorkshop
let manager: Member
let clerk: Member
let supplier: string
let states: Record<'draft' | 'approved' | 'withdrawn', string>
let actions: Record<'approve' | 'withdraw', string>
let workflow: string
let isFree = true

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
  const active = [
    ['document_type', '=', DOCTYPE],
    ['is_active', '=', 1],
  ]
  isFree = (await workshop.admin.list('Workflow', { filters: active })).length === 0
  if (!isFree) return
  const { tag } = workshop
  const [group] = await workshop.admin.list('Supplier Group', { filters: [['is_group', '=', 0]] })
  const values = { supplier_name: `Steward Test ${tag} S`, supplier_group: group?.name }
  supplier = String((await workshop.make('Supplier', values)).name)
  clerk = await workshop.member('clerk', ['Purchase User', 'Stock User', 'Steward User'])
  manager = await workshop.member('manager', [
    'Purchase User',
    'Purchase Manager',
    'Stock User',
    'Steward User',
  ])
  await makeWorkflow()
})
afterAll(async () => {
  if (isFree) await workshop.admin.update('Workflow', workflow, { is_active: 0 })
  await workshop.close()
})

async function makeWorkflow(): Promise<void> {
  const name = (word: string) => `Steward Test ${workshop.tag} ${word}`
  states = { draft: name('draft'), approved: name('approved'), withdrawn: name('withdrawn') }
  actions = { approve: name('approve'), withdraw: name('withdraw') }
  for (const workflow_state_name of Object.values(states)) {
    await workshop.make('Workflow State', { workflow_state_name })
  }
  for (const workflow_action_name of Object.values(actions)) {
    await workshop.make('Workflow Action Master', { workflow_action_name })
  }
  // The field that Frappe adds for the state goes with the rest.
  workshop.remember('Custom Field', `${DOCTYPE}-workflow_state`)
  workflow = name('workflow')
  await workshop.make('Workflow', {
    workflow_name: workflow,
    document_type: DOCTYPE,
    is_active: 1,
    workflow_state_field: 'workflow_state',
    states: Object.values(states).map((state, status) => ({
      state,
      doc_status: String(status),
      allow_edit: 'Purchase User',
    })),
    transitions: transitions(1),
  })
}

function transitions(allow_self_approval: 0 | 1): Record<string, unknown>[] {
  const allowed = 'Purchase Manager'
  return [
    { state: states.draft, action: actions.approve, next_state: states.approved },
    { state: states.approved, action: actions.withdraw, next_state: states.withdrawn },
  ].map((row) => ({ ...row, allowed, allow_self_approval }))
}

/** A quotation of this person's own. */
async function quotation(person: Member): Promise<string> {
  const { company, item } = workshop.business
  const values = { supplier, company, items: [{ item_code: item, qty: 2, rate: 10 }] }
  const asked = operation({ action: 'create', doctype: DOCTYPE, values })
  const [outcome] = await new StewardRequest(person.client).done([asked])
  const name = String(outcome?.name)
  workshop.remember(DOCTYPE, name)
  return name
}

async function asked(action: 'submit' | 'cancel', name: string): Promise<OperationInput> {
  const { modified } = documentOf(await workshop.admin.read(DOCTYPE, name))
  return operation({ action, doctype: DOCTYPE, name, base_modified: String(modified) })
}

async function refusalOf(person: Member, name: string) {
  const result = await new StewardRequest(person.client).preview([await asked('submit', name)])
  if (result.status === 'refused') return result.refusal
  throw new Error('it was not refused')
}

test('a new document is in the first state; submitting and cancelling take the actions', async (context) => {
  context.skip(!isFree, 'the site has a workflow of its own here')
  const name = await quotation(clerk)
  const read = async () => documentOf(await workshop.admin.read(DOCTYPE, name))
  expect(await read()).toMatchObject({ docstatus: 0, workflow_state: states.draft })
  const request = new StewardRequest(manager.client)
  const submit = await asked('submit', name)
  const { operations } = await request.previewed([submit])
  const shown = operations[0]?.fields.find(({ fieldname }) => fieldname === 'workflow_state')
  expect(shown).toMatchObject({ before: states.draft, after: states.approved, set_by: 'site' })
  await request.done([submit])
  expect(await read()).toMatchObject({ docstatus: 1, workflow_state: states.approved })
  await new StewardRequest(manager.client).done([await asked('cancel', name)])
  expect(await read()).toMatchObject({ docstatus: 2, workflow_state: states.withdrawn })
})

test('who may not take the action is told what it takes', async (context) => {
  context.skip(!isFree, 'the site has a workflow of its own here')
  const name = await quotation(clerk)
  const { code, message } = await refusalOf(clerk, name)
  expect(code).toBe('validation')
  expect(message).toContain(`follows the workflow ${workflow} and is in the state ${states.draft}`)
  expect(message).toContain(`${actions.approve} (Purchase Manager)`)
})

test('nobody approves his own where the workflow forbids it, and nobody skips a state', async (context) => {
  context.skip(!isFree, 'the site has a workflow of its own here')
  await workshop.admin.update('Workflow', workflow, { transitions: transitions(0) })
  const name = await quotation(manager)
  expect((await refusalOf(manager, name)).message).toContain('own document')
  const skipped = await workshop.admin.update(DOCTYPE, name, { workflow_state: states.withdrawn })
  expect(skipped.json?.exc_type).toBe('WorkflowPermissionError')
})
