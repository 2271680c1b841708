import { z } from 'zod'
import type { ToolArguments, ToolName } from './tool-contract.ts'

const doctype = z.string().min(1).max(140).describe('Exact DocType name, e.g. "Sales Invoice".')
const name = z.string().min(1).max(280)
const fieldname = z.string().min(1).max(140)
const limit = z.number().int().min(1).max(200)
const title = z
  .string()
  .max(140)
  .describe('Give a title to show the answer to the person as a table; leave out to only look.')
const filter = z
  .tuple([fieldname, z.string().max(20), z.unknown()])
  .describe(
    '[field, operator, value]; operators: = != > < >= <= like "not like" in "not in" between is',
  )
const filters = z.array(filter).max(30)
const orderBy = z.string().max(200).describe('"field asc" or "field desc"')
const values = z.record(z.string(), z.unknown())
const measure = z.strictObject({
  function: z.enum(['count', 'sum', 'avg', 'min', 'max']),
  field: fieldname.optional(),
  as: z.string().regex(/^[a-z][a-z0-9_]{0,60}$/),
})
const replaces = z
  .string()
  .min(1)
  .max(140)
  .optional()
  .describe(
    'Only to correct a proposal: the operation_id of this card that this one takes the place of, or the id of the earlier card.',
  )
const target = z.strictObject({
  doctype,
  name: name.describe('ID or exact title of the document.'),
  replaces,
})

/** One schema a tool: what models are told, and what is checked before a tool runs. */
export const TOOL_SCHEMAS = {
  find_doctype: z.strictObject({ words: z.string().min(1).max(200) }),
  describe_doctype: z.strictObject({ doctype }),
  list_records: z.strictObject({
    doctype,
    fields: z.array(fieldname).max(30).optional(),
    filters: filters.optional(),
    or_filters: filters.optional(),
    order_by: orderBy.optional(),
    limit: limit.optional(),
    title: title.optional(),
    handle: z.string().max(8_000).optional().describe('Continue a capped answer.'),
  }),
  read_record: z.strictObject({ doctype, name }),
  aggregate: z.strictObject({
    doctype,
    measures: z.array(measure).min(1).max(8),
    group_by: z.array(fieldname).max(4).optional(),
    filters: filters.optional(),
    order_by: orderBy.optional(),
    limit: limit.optional(),
    title: title.optional(),
    chart: z.enum(['bar', 'line', 'donut']).optional(),
  }),
  list_reports: z.strictObject({
    words: z.string().max(200).optional(),
    doctype: doctype.optional(),
  }),
  run_report: z.strictObject({
    report: z.string().min(1).max(140),
    filters: values.optional(),
    limit: limit.optional(),
    handle: z.string().max(8_000).optional(),
  }),
  search: z.strictObject({
    doctype,
    text: z.string().min(1).max(200),
    limit: z.number().int().min(1).max(20).optional(),
  }),
  propose_create: z.strictObject({ doctype, values, replaces }),
  propose_update: target.extend({ values }),
  propose_submit: target,
  propose_cancel: target,
  propose_amend: target.extend({ values: values.optional() }),
  propose_delete: target,
  propose_mapped: z.strictObject({
    from_doctype: doctype,
    from_name: name,
    to_doctype: doctype,
    values: values.optional(),
    replaces,
  }),
  ask_person: z.strictObject({
    text: z.string().min(1).max(1_000),
    options: z
      .array(
        z.strictObject({
          value: z.string().min(1).max(280),
          label: z.string().min(1).max(280),
          description: z.string().max(280).optional(),
        }),
      )
      .max(20)
      .optional(),
    slot: z.string().max(140).optional(),
  }),
} satisfies { [N in ToolName]: z.ZodType<ToolArguments[N]> }
