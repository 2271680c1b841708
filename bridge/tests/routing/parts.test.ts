import { expect, test } from 'vitest'
import { splitParts } from '../../src/features/assistant/routing/parts.ts'

test.each([
  ['show open orders and create a todo', ['show open orders', 'create a todo']],
  ['create a lead Acme and a customer Beta', ['create a lead Acme', 'create a customer Beta']],
  [
    'create a lead A, a customer B and a supplier C',
    ['create a lead A', 'create a customer B', 'create a supplier C'],
  ],
  ['submit SAL-ORD-1 and make the invoice', ['submit SAL-ORD-1', 'make the invoice']],
  ['turn it into an order and submit it', ['turn it into an order', 'submit it']],
  ['make an order for Alder and submit', ['make an order for Alder', 'submit it']],
  ['add a todo Call Ann and a todo Call Ben', ['add a todo Call Ann', 'add a todo Call Ben']],
  ['show unpaid invoices; count orders', ['show unpaid invoices', 'count orders']],
])('"%s" is split', (text, parts) => {
  expect(splitParts(text)).toEqual(parts)
})

test.each([
  'quotation for 5 chairs and a desk to Alder',
  'quotation for 5 chairs to Alder and make it 10 % off',
  'remind me to call Alder and send the invoice',
  'make a todo to call Alder and prepare an offer',
  'show customers and suppliers',
  'find customer Alder and open it',
  'orders and invoices of Alder',
])('"%s" stays one ask', (text) => {
  expect(splitParts(text)).toEqual([text])
})
