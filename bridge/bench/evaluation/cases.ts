import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { RequestClass } from '../../src/shared/assistant-protocol.ts'

const filter = z.tuple([z.string(), z.string(), z.unknown()])

const proposal = z.object({
  action: z.string(),
  doctype: z.string(),
  name: z.string().optional(),
  values: z.record(z.string(), z.unknown()),
  source: z.string().optional(),
  adds: z.string().optional(),
  /** Of operations on one card, which; the first when left out. */
  operation: z.number().optional(),
})

export type ExpectedProposal = z.infer<typeof proposal>

/** What must come of the last turn; figures are asked of the sandbox's store, never written down. */
const expectation = z
  .object({
    /** A table of exactly these documents. */
    rows: z.object({
      doctype: z.string(),
      filters: z.array(filter),
      /** Child doctype the filters on items belong to. */
      child: z.string().optional(),
      order_by: z.string().optional(),
      limit: z.number().optional(),
      /** Ties make the choice of rows free; only their number counts. */
      count_only: z.boolean().optional(),
    }),
    /** A number in the text. */
    figure: z.object({
      doctype: z.string(),
      function: z.enum(['count', 'sum', 'avg']),
      field: z.string().nullable(),
      filters: z.array(filter),
    }),
    /** A ranking: its best group and figure, by any of the fields. */
    top: z.object({
      doctype: z.string(),
      group: z.string(),
      field: z.union([z.string(), z.array(z.string())]).nullable(),
      filters: z.array(filter),
      /** In the order of time: every group with its figure. */
      series: z.boolean().optional(),
    }),
    /** A field's value in the text. */
    value: z.object({ doctype: z.string(), name: z.string(), field: z.string() }),
    report: z.string(),
    price: z.literal(true),
    stock: z.string(),
    contact: z.object({ customer: z.string(), field: z.enum(['phone', 'email']) }),
    document: z.object({ doctype: z.string(), name: z.string().optional() }),
    /** A proposal with these values; it is approved, and the saved document is compared. */
    proposal,
    /** One a card, in their order; besides them a table or a figure may be expected. */
    proposals: z.array(proposal),
    /** A pattern of the text. */
    says: z.string(),
    /** A question to the person, offering at least these; nothing proposed. */
    ask: z.array(z.string()),
    ask_or_proposal: z.literal(true),
    /** Nothing proposed, and something said or passed on. */
    no_change: z.literal(true),
    says_something: z.literal(true),
    /** Turned away as none of ERPNext's business. */
    outside: z.literal(true),
  })
  .partial()
  .strict()

export type Expectation = z.infer<typeof expectation>

const caseSchema = z.object({
  id: z.string(),
  class: z.union([z.string(), z.array(z.string())]),
  turns: z.array(z.string()).min(1),
  page: z.object({ doctype: z.string(), name: z.string().nullable() }).optional(),
  user: z.enum(['manager', 'restricted', 'viewer']).optional(),
  expect: expectation,
})

export interface EvaluationCase extends Omit<z.infer<typeof caseSchema>, 'class'> {
  /** Any of these is right. */
  classes: RequestClass[]
}

export function readCases(
  file: 'main' | 'unseen' | 'unseen-4' | 'unseen-5' | 'unseen-6' | 'unseen-7',
): EvaluationCase[] {
  return readFileSync(new URL(`./${file}.jsonl`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const { class: name, ...rest } = caseSchema.parse(JSON.parse(line))
      return { ...rest, classes: [name].flat() as RequestClass[] }
    })
}
