import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldValue, OperationInput, PreviewResult } from '../../src/shared/site-protocol.ts'
import { openBusiness } from './support/business.ts'
import type { Business } from './support/business.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

/** ERPNext counts up to so many rows at once; more it hands to a background job. */
const AT_ONCE = 100
const WAREHOUSES = 4

let workshop: Workshop
let business: Business
let keeper: Member
const items: string[] = []
const warehouses: string[] = []

beforeAll(async () => {
  workshop = await Workshop.open()
  business = await openBusiness(workshop)
  keeper = await workshop.member('keeper', ['Stock User', 'Stock Manager', 'Steward User'])
  for (let index = 0; index < WAREHOUSES; index += 1) warehouses.push(await makeWarehouse(index))
  const [group] = await workshop.admin.list('Item Group', { filters: [['is_group', '=', 0]] })
  for (let index = 0; index <= AT_ONCE / WAREHOUSES; index += 1) {
    items.push(await makeItem(index, group?.name))
  }
}, 120_000)
afterAll(() => workshop.close(), 120_000)

async function makeWarehouse(index: number): Promise<string> {
  const warehouse_name = `Steward Test ${workshop.tag} ${index}`
  const made = await workshop.make('Warehouse', { warehouse_name, company: business.company })
  return String(made.name)
}

async function makeItem(index: number, item_group: unknown): Promise<string> {
  const item_code = `STEWARD-COUNT-${workshop.tag}-${index}`
  const values = { item_code, item_group, stock_uom: 'Nos', is_stock_item: 1 }
  return String((await workshop.make('Item', values)).name)
}

/** Counts so many of the items in every warehouse, and submits the count. */
function counting(itemCount: number): OperationInput[] {
  const rows = items
    .slice(0, itemCount)
    .flatMap((item_code) =>
      warehouses.map((warehouse) => ({ item_code, warehouse, qty: 3, valuation_rate: 2 })),
    )
  const values: Record<string, FieldValue> = {
    purpose: 'Stock Reconciliation',
    company: business.company,
    items: rows,
  }
  const draft = operation({ action: 'create', doctype: 'Stock Reconciliation', values })
  const name = { $ref: draft.operation_id }
  return [draft, operation({ action: 'submit', doctype: 'Stock Reconciliation', name })]
}

/** All tables of the sandbox; on a real site, where others work too, what these items would have left. */
async function picture(): Promise<unknown> {
  if (workshop.target.sandbox) return workshop.target.sandbox.site.checksums()
  const count = (doctype: string, filters: unknown[]) =>
    workshop.admin.call('frappe.client.get_count', { doctype, filters })
  return Promise.all([
    count('Stock Reconciliation', [['owner', '=', keeper.user]]),
    count('Stock Ledger Entry', [['item_code', 'in', items]]),
    count('Bin', [['item_code', 'in', items]]),
    count('Repost Item Valuation', [['owner', '=', keeper.user]]),
  ])
}

function preview(operations: OperationInput[]): Promise<PreviewResult> {
  return new StewardRequest(keeper.client).preview(operations)
}

test('a count of a hundred rows is previewed whole, with its stock entries', async () => {
  const before = await picture()
  const result = await preview(counting(AT_ONCE / WAREHOUSES))
  if (result.status !== 'previewed') throw new Error(JSON.stringify(result.refusal))
  expect(result.operations[0]?.tables[0]?.rows).toHaveLength(AT_ONCE)
  expect(result.operations[1]?.stock).toHaveLength(AT_ONCE)
  expect(await picture()).toEqual(before)
}, 60_000)

test('a longer one, which ERPNext hands to a background job, is refused with that reason', async () => {
  const before = await picture()
  const operations = counting(items.length)
  const result = await preview(operations)
  expect(result).toMatchObject({
    status: 'refused',
    refusal: {
      operation_id: operations[1]?.operation_id,
      exc_type: 'GuardViolation',
      code: 'background_job',
    },
  })
  if (result.status === 'refused') expect(result.refusal.message).toContain('background')
  expect(await picture()).toEqual(before)
}, 60_000)
