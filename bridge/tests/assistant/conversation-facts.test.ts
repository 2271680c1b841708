import { expect, it } from 'vitest'
import type { PastMessage } from '../../src/features/assistant/brain.ts'
import { factsOf, missingFacts } from '../../src/features/assistant/context/facts.ts'

const message = (text: string, documents: PastMessage['documents'] = []): PastMessage => ({
  role: 'assistant',
  text,
  documents,
  tables: [],
  memory: null,
})

it('keeps ids, amounts, dates, percentages and documents as facts', () => {
  const facts = factsOf([
    message('SAL-QTN-2026-00017 for EUR 1,250.00 is due 2026-12-01 with 10 % off.'),
    message('Done.', [{ doctype: 'Sales Invoice', name: 'ACC-SINV-2026-00003', title: 'Alder' }]),
  ])
  expect(facts).toEqual([
    'SAL-QTN-2026-00017',
    'EUR 1,250.00',
    '2026-12-01',
    '10 %',
    'Sales Invoice ACC-SINV-2026-00003 (Alder)',
  ])
})

it('finds what a summary dropped', () => {
  const facts = factsOf([message('SAL-QTN-2026-00017 over 900.50 until 2026-12-01')])
  expect(missingFacts('The quotation SAL-QTN-2026-00017 runs until\n2026-12-01.', facts)).toEqual([
    '900.50',
  ])
})
