import { expect, test } from 'vitest'
import { createDataRules, MASKED } from '../../src/features/gateway/data-rules.ts'

const rules = createDataRules(['Employee', 'Customer.tax_id', 'Sales Invoice Item.rate'])

test('a masked field never leaves, also in lists, child rows and linked columns', () => {
  const invoice = {
    doctype: 'Sales Invoice',
    customer: 'C-1',
    items: [{ doctype: 'Sales Invoice Item', item_code: 'A', rate: 9 }],
  }
  expect(rules.maskForProvider('Sales Invoice', invoice)).toEqual({
    ...invoice,
    items: [{ doctype: 'Sales Invoice Item', item_code: 'A', rate: MASKED }],
  })
  expect(rules.maskForProvider('customer', [{ name: 'C-1', tax_id: '42' }])).toEqual([
    { name: 'C-1', tax_id: MASKED },
  ])
  expect(invoice.items[0]?.rate).toBe(9)
})

test('of a masked doctype no value leaves', () => {
  expect(rules.hides('employee')).toBe(true)
  expect(rules.maskForProvider('Employee', { name: 'HR-1', salary: 5, left: null })).toEqual({
    name: MASKED,
    salary: MASKED,
    left: null,
  })
})
