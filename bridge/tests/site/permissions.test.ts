import { afterAll, beforeAll, expect, test } from 'vitest'
import { siteErrorOf } from '../../src/platform/frappe/site-error.ts'
import { openBusiness } from './support/business.ts'
import type { Business } from './support/business.ts'
import { dialectOf } from './support/dialect.ts'
import type { Dialect } from './support/dialect.ts'
import { documentOf, messagesOf } from './support/site-client.ts'
import type { SiteClient } from './support/site-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let business: Business
let dialect: Dialect
/** May sell, but only to one customer. */
let seller: Member
let colleague: Member
let mine: Record<string, unknown>
let others: Record<string, unknown>

beforeAll(async () => {
  workshop = await Workshop.open()
  business = await openBusiness(workshop)
  dialect = await dialectOf(workshop.admin)
  seller = await workshop.member('seller', ['Sales User'])
  colleague = await workshop.member('colleague', ['Sales User'])
  mine = await workshop.make('Quotation', business.quotation())
  const values = business.quotation({ party_name: business.otherCustomer })
  others = await workshop.make('Quotation', values)
  await workshop.make('User Permission', {
    user: seller.user,
    allow: 'Customer',
    for_value: business.customer,
    apply_to_all_doctypes: 1,
  })
})
afterAll(() => workshop.close())

const BOTH = () => [['name', 'in', [mine.name, others.name]]]

async function namesOf(client: SiteClient, doctype: string, filters: unknown): Promise<unknown[]> {
  const rows = await client.list(doctype, { filters, order_by: 'name asc', limit_page_length: 0 })
  return rows.map((row) => row.name)
}

test('a user permission on a customer narrows the list of customers', async () => {
  expect(await namesOf(seller.client, 'Customer', [])).toEqual([business.customer])
  const filters = [['name', 'like', `%${workshop.tag}%`]]
  expect(await namesOf(colleague.client, 'Customer', filters)).toHaveLength(2)
})

test('and the documents that link to customers', async () => {
  const invoice = await workshop.make('Sales Order', orderFor(business.customer))
  const hidden = await workshop.make('Sales Order', orderFor(business.otherCustomer))
  const filters = [['name', 'in', [invoice.name, hidden.name]]]
  expect(await namesOf(seller.client, 'Sales Order', filters)).toEqual([invoice.name])
  expect(await namesOf(colleague.client, 'Sales Order', filters)).toHaveLength(2)

  expect((await seller.client.read('Sales Order', String(invoice.name))).status).toBe(200)
  const refused = await seller.client.read('Sales Order', String(hidden.name))
  expect(refused.status).toBe(403)
  expect(refused.json?.exc_type).toBe('PermissionError')
  const secret = { doctype: 'Sales Order', name: String(hidden.name) }
  const reason = siteErrorOf(refused.status, refused.json, undefined).message
  expect(reason).toContain(dialect.hiddenDocument({ ...secret, customer: business.otherCustomer }))

  const fields = [
    dialect.measure('count', 'name', 'n'),
    dialect.measure('sum', 'grand_total', 'total'),
  ]
  const total = { fields, filters }
  const [visible] = await seller.client.list('Sales Order', total)
  expect(visible).toMatchObject({ n: 1, total: invoice.grand_total })
  const count = { doctype: 'Sales Order', filters }
  expect(await seller.client.call('frappe.client.get_count', count)).toBe(1)
})

function orderFor(customer: string): Record<string, unknown> {
  return {
    customer,
    company: business.company,
    delivery_date: '2030-01-01',
    items: [{ item_code: business.item, qty: 1, rate: 40, delivery_date: '2030-01-01' }],
  }
}

test('a dynamic link is no link field: quotations stay visible, as Frappe has it', async () => {
  expect(await namesOf(seller.client, 'Quotation', BOTH())).toHaveLength(2)
})

test('a write for a customer beyond the permission is refused and leaves nothing', async () => {
  const answer = await seller.client.create('Sales Order', orderFor(business.otherCustomer))
  expect(answer.status).toBe(403)
  expect(answer.json?.exc_type).toBe('PermissionError')
  const made = documentOf(await seller.client.create('Sales Order', orderFor(business.customer)))
  workshop.remember('Sales Order', String(made.name))
  expect(made.owner).toBe(seller.user)
  const moved = await seller.client.update('Sales Order', String(made.name), {
    customer: business.otherCustomer,
  })
  expect(moved.status).toBe(403)
  expect(documentOf(await workshop.admin.read('Sales Order', String(made.name))).customer).toBe(
    business.customer,
  )
})

test('a doctype no role opens is refused by name, for lists, reads and writes', async () => {
  const list = await seller.client.listAnswer('Journal Entry')
  expect(list.status).toBe(403)
  expect(messagesOf(list)).toEqual([dialect.closedDoctype(seller.user, 'Journal Entry')])
  const create = await seller.client.create('Journal Entry', { voucher_type: 'Journal Entry' })
  expect(create.status).toBe(403)
})

test('what is missing is 404 to whoever may read the doctype, and 403 to others', async () => {
  expect((await seller.client.read('Sales Order', 'no such order')).status).toBe(404)
  expect((await seller.client.read('Journal Entry', 'no such entry')).status).toBe(403)
})

test('the check of a link answers the stored name of what exists', async () => {
  const { method, missing } = dialect.linkCheck
  const ask = (docname: string) => colleague.client.call(method, { doctype: 'Customer', docname })
  expect(await ask(business.customer.toUpperCase())).toEqual({ name: business.customer })
  expect(await ask('nobody of that name')).toEqual(missing)
})

test('search_link offers only what may be seen', async () => {
  const search = (client: SiteClient) =>
    client.call<{ value: string }[]>('frappe.desk.search.search_link', {
      doctype: 'Customer',
      txt: workshop.tag,
    })
  expect((await search(seller.client)).map((found) => found.value)).toEqual([business.customer])
  expect(await search(colleague.client)).toHaveLength(2)
})

test('has_permission and get_doc_permissions answer for the person', async () => {
  const own = { doctype: 'Customer', docname: business.customer }
  const other = { doctype: 'Customer', docname: business.otherCustomer }
  const may = (args: Record<string, string>) =>
    seller.client.call('frappe.client.has_permission', { ...args, perm_type: 'read' })
  expect(await may(own)).toEqual({ has_permission: true })
  expect(await may(other)).toEqual({ has_permission: false })
})

test('a to-do shows to its owner, its assigner and who it is for', async () => {
  const values = { description: `for the seller ${workshop.tag}`, allocated_to: seller.user }
  const todo = await workshop.make('ToDo', values)
  const filters = [['description', 'like', `%${workshop.tag}%`]]
  expect(await namesOf(seller.client, 'ToDo', filters)).toEqual([todo.name])
  expect(await namesOf(colleague.client, 'ToDo', filters)).toEqual([])
  expect((await colleague.client.read('ToDo', String(todo.name))).status).toBe(403)
})

test('a field of a higher level is neither written nor refused, but left as it was', async () => {
  const note = documentOf(
    await seller.client.create('Note', { title: `Level ${workshop.tag}`, public: 1 }),
  )
  workshop.remember('Note', String(note.name))
  expect(note.public).toBe(0)
})

test('a right given to the owner alone ends at other people’s documents', async () => {
  const note = documentOf(await seller.client.create('Note', { title: `Note ${workshop.tag}` }))
  const name = String(note.name)
  workshop.remember('Note', name)
  expect((await seller.client.update('Note', name, { content: 'mine' })).status).toBe(200)
  expect((await colleague.client.read('Note', name)).status).toBe(403)
  // Readable for all once a manager has made it public, but still not writable.
  expect((await workshop.admin.update('Note', name, { public: 1 })).status).toBe(200)
  expect((await colleague.client.read('Note', name)).status).toBe(200)
  const refused = await colleague.client.update('Note', name, { content: 'not mine' })
  expect(refused.status).toBe(403)
  expect((await colleague.client.delete('Note', name)).status).toBe(403)
})

test('roles of others cannot be given to oneself', async () => {
  const answer = await seller.client.update('User', seller.user, {
    roles: [{ role: 'System Manager' }],
  })
  if (answer.status === 200) {
    const stored = documentOf(await workshop.admin.read('User', seller.user))
    const roles = (stored.roles as { role: string }[]).map((row) => row.role)
    expect(roles).toEqual(['Sales User'])
  } else {
    expect(answer.status).toBe(403)
  }
})

test('a refused deletion says why', async () => {
  const answer = await colleague.client.delete('Customer', business.otherCustomer)
  expect(answer.status).toBe(403)
  expect(messagesOf(answer)).toEqual(
    dialect.refusedDeletion(colleague.user, 'Customer', business.otherCustomer),
  )
})

test('a to-do for nobody can only be made by a role that sees all of them', async () => {
  const values = { description: `for nobody ${workshop.tag}` }
  expect((await colleague.client.create('ToDo', values)).status).toBe(403)
  await workshop.make('ToDo', { ...values, assigned_by: colleague.user })
})
