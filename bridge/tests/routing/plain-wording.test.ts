import { expect, test } from 'vitest'
import { inPlainWords } from '../../src/features/assistant/routing/plain-wording.ts'

test.each([
  ['Could you please have SAL-ORD-2026-00012 cancelled?', 'cancel SAL-ORD-2026-00012'],
  ['SAL-QTN-2026-00007 needs to be submitted', 'submit SAL-QTN-2026-00007'],
  [
    'could the due date of ACC-SINV-2026-00031 be moved to Friday?',
    'change the due date of ACC-SINV-2026-00031 to Friday',
  ],
  ["Acme Ltd's territory should be North", "change Acme Ltd's territory to North"],
  ['would you mind deleting it, please', 'delete it'],
  ['put 3 more LAMP-7 on SAL-QTN-2026-00007', 'add 3 LAMP-7 on SAL-QTN-2026-00007'],
  [
    'switch the payment terms on SAL-QTN-2026-00007 over to Net 30',
    'change the payment terms on SAL-QTN-2026-00007 to Net 30',
  ],
  [
    'Acme Ltd may owe us up to 20000, put that in as their credit limit',
    'set the credit limit of Acme Ltd to 20000',
  ],
  ['Acme Ltd would like a quotation for 3 LAMP-7', 'create a quotation for Acme Ltd with 3 LAMP-7'],
  ['no, rather 9', 'make it 9'],
  ['not lamps but DESK-2', 'use DESK-2 instead'],
  ['anything new on Acme Ltd?', 'tell me about Acme Ltd?'],
])('"%s" is read as "%s"', (text, plain) => {
  expect(inPlainWords(text)).toBe(plain)
})

test.each([
  'which orders must be delivered this week?',
  'unpaid invoices of Acme Ltd',
  'remind me that the offer should be submitted',
  'create a todo The customer of the fair should be thanked',
  'quotation for 5 chairs to Acme Ltd, 10 % off',
  'please',
])('"%s" stays as it is', (text) => {
  expect(inPlainWords(text)).toBe(text)
})
