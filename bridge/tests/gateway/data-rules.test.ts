import { expect, test } from 'vitest'
import { createDataRules } from '../../src/features/gateway/data-rules.ts'

const rules = createDataRules(['Employee', 'Customer.tax_id', 'Sales Invoice Item.rate'])

test('a rule names one field of a doctype or the whole of it, however it is written', () => {
  expect(rules.masks('customer', 'tax_id')).toBe(true)
  expect(rules.masks('Customer', 'customer_name')).toBe(false)
  expect(rules.masks('Supplier', 'tax_id')).toBe(false)
  expect(rules.masks(' employee ', 'anything')).toBe(true)
  expect(rules.hides('Employee')).toBe(true)
  expect(rules.hides('Customer')).toBe(false)
  expect(rules.touches('Customer')).toBe(true)
  expect(rules.touches('Supplier')).toBe(false)
})

test('where nobody knows whose a field is, one that is masked anywhere is', () => {
  expect(rules.masks('', 'tax_id')).toBe(true)
  expect(rules.masks('', 'customer_name')).toBe(false)
})

test('without entries everything may leave', () => {
  expect(createDataRules([]).any).toBe(false)
  expect(rules.any).toBe(true)
})
