import type { AnswerColumn } from '../../../shared/assistant-protocol.ts'
import { isStewardError } from '../../../shared/errors.ts'
import {
  STEWARD_METHODS,
  type AggregateResult,
  type DoctypeDescription,
} from '../../../shared/site-protocol.ts'
import type { ListFilter } from '../ports.ts'
import { deskListPath, siteFilters } from './list-filters.ts'
import { keyOf, rowsAfter, type RowKey } from './list-keyset.ts'
import { orderOf, selectField, type Selected } from './list-query.ts'
import { rowsWithin } from './row-cap.ts'
import { decodeHandle, encodeHandle } from './table-handle.ts'
import { describeDoctype } from './find-tool.ts'
import type { ToolContext } from './tool-context.ts'
import type { ToolArguments, ToolResults } from './tool-contract.ts'
import { ToolFailure } from './tool-failure.ts'
import { isTable } from './field-lookup.ts'
import { TOOL_SCHEMAS } from './tool-schemas.ts'
import { originsOfList } from './value-origins.ts'

type ListArguments = ToolArguments['list_records']

const DEFAULT_ROWS = 50
const DEFAULT_COLUMNS = 7

/**
 * One list call, and a count only when the answer is capped. Reading on begins after the row that was
 * shown last; by a count of rows only where that row has no place of its own in the order: its sort
 * field is empty, or it stands for one of several child rows.
 */
export async function listRecords(
  context: ToolContext,
  given: ListArguments,
): Promise<ToolResults['list_records']> {
  const { args, start, after } = continued(given)
  const description = await describeDoctype(context, { doctype: args.doctype })
  const fields = args.fields?.length ? args.fields : defaultFields(description)
  const selected = await selectAll(context, description, fields)
  const filters = await siteFilters(context, description, args.filters ?? [])
  const orFilters = await siteFilters(context, description, args.or_filters ?? [])
  const limit = args.limit ?? DEFAULT_ROWS
  const order = orderOf(description, args.order_by)
  const byChild = [...filters, ...orFilters].some((filter) => filter.length === 4)
  const query = {
    fields: expressions(selected, description, order.fieldname),
    filters,
    ...(orFilters.length > 0 && { or_filters: orFilters }),
    order_by: order.order_by,
    limit: limit + 1,
  }
  const list = (asked: Parameters<typeof context.session.list>[1]) =>
    context.session.list(args.doctype, asked)
  const rows = after ? await rowsAfter(list, query, order, after) : await list({ ...query, start })
  const children = selectsChild(args, description)
  const page = pageOf(rows, limit, byChild && !children)
  const last = children ? null : keyOf(page.rows.at(-1), order)
  const counted = page.more ? await countAll(context, args.doctype, filters, orFilters) : null
  return {
    origins: () => originsOfList(description, selected),
    table: {
      title: args.title ?? description.label,
      columns: columnsOf(selected, rows, context.currency),
      rows: page.rows,
      total: page.more ? counted : byChild && start > 0 ? null : start + page.rows.length,
      row_link: { doctype: args.doctype, name_key: 'name' },
      handle: page.more
        ? encodeHandle({
            tool: 'list_records',
            args: { ...args },
            start: start + page.read,
            ...(last && { after: last }),
          })
        : null,
      chart: null,
      desk_path: deskListPath(description, args.filters ?? []),
    },
  }
}

interface Page {
  rows: Record<string, unknown>[]
  /** Rows of the site that are dealt with: where the next page begins. */
  read: number
  more: boolean
}

/** What fits of the rows; a filter on a child table brings a document once for each child row. */
function pageOf(rows: Record<string, unknown>[], limit: number, once: boolean): Page {
  const whole = rows.slice(0, limit)
  const seen = new Set<unknown>()
  const wanted = once ? whole.filter((row) => !seen.has(row.name) && seen.add(row.name)) : whole
  const shown = rowsWithin(wanted)
  const cut = wanted[shown.length]
  const read = cut ? whole.indexOf(cut) : whole.length
  return { rows: shown, read, more: rows.length > read }
}

function selectsChild(args: ListArguments, description: DoctypeDescription): boolean {
  return (args.fields ?? []).some((path) => {
    const [first, second] = path.split('.')
    const field = description.fields.find((known) => known.fieldname === first)
    return second !== undefined && field !== undefined && isTable(field)
  })
}

function continued(given: ListArguments): {
  args: ListArguments
  start: number
  after?: RowKey | undefined
} {
  if (given.handle === undefined) return { args: given, start: 0 }
  const handle = decodeHandle(given.handle)
  const parsed = TOOL_SCHEMAS.list_records.safeParse(handle.args)
  if (handle.tool !== 'list_records' || !parsed.success) {
    throw new ToolFailure('invalid_handle', 'This handle does not belong to a list.')
  }
  const { start, after } = handle
  return { args: { ...parsed.data, limit: given.limit ?? parsed.data.limit }, start, after }
}

function defaultFields(description: DoctypeDescription): string[] {
  const listed = description.fields.filter((field) => field.in_list_view && !isTable(field))
  const names = ['name', description.title_field, ...listed.map((field) => field.fieldname)]
  return [...new Set(names.filter((name) => name !== null))].slice(0, DEFAULT_COLUMNS)
}

async function selectAll(
  context: ToolContext,
  description: DoctypeDescription,
  fields: string[],
): Promise<Selected[]> {
  const selected: Selected[] = []
  for (const path of new Set(fields)) selected.push(await selectField(context, description, path))
  return selected
}

/**
 * The name always comes along so that rows can be opened, the currency so that amounts mean something,
 * and the sort field: to read on after a row, and since with a join its name could be either table's.
 */
function expressions(
  selected: Selected[],
  description: DoctypeDescription,
  orderField: string,
): string[] {
  const wanted = selected.map(({ expression }) => expression)
  const currencies = selected
    .filter(({ field, key }) => field.fieldtype === 'Currency' && key === field.fieldname)
    .map(({ field }) => field.options ?? '')
    .filter((option) => description.fields.some((field) => field.fieldname === option))
  // What a Dynamic Link names is told by the field beside it; data rules need to know.
  const kinds = selected
    .filter(({ field, key }) => field.fieldtype === 'Dynamic Link' && key === field.fieldname)
    .map(({ field }) => field.options ?? '')
  return [...new Set(['name', ...wanted, ...currencies, ...kinds.filter(Boolean), orderField])]
}

function columnsOf(
  selected: Selected[],
  rows: Record<string, unknown>[],
  siteCurrency: string,
): AnswerColumn[] {
  return selected.map(({ key, label, field }) => ({
    key,
    label,
    fieldtype: field.fieldtype,
    options:
      field.fieldtype === 'Currency'
        ? currencyOf(field.options, rows, siteCurrency)
        : field.options && field.fieldtype.includes('Link')
          ? field.options
          : null,
  }))
}

/** One currency when all rows share it; null when they differ (the currency field is in the rows). */
function currencyOf(
  option: string | null,
  rows: Record<string, unknown>[],
  siteCurrency: string,
): string | null {
  if (!option || option.includes(':')) return siteCurrency
  const found = new Set(rows.map((row) => row[option]).filter((value) => typeof value === 'string'))
  if (found.size === 0) return siteCurrency
  return found.size === 1 ? String([...found][0]) : null
}

/** Rows in all under the person's permissions; null when the site will not say. */
async function countAll(
  context: ToolContext,
  doctype: string,
  filters: ListFilter[],
  orFilters: ListFilter[],
): Promise<number | null> {
  if ([...filters, ...orFilters].some((filter) => filter.length === 4)) return null
  try {
    const counted = await context.session.call<AggregateResult>(STEWARD_METHODS.aggregate, {
      query: {
        doctype,
        filters,
        or_filters: orFilters,
        measures: [{ function: 'count', as: 'rows_in_all' }],
      },
    })
    const count = counted.rows[0]?.rows_in_all
    return typeof count === 'number' ? count : null
  } catch (error) {
    if (isStewardError(error, 'site_refused', 'forbidden', 'site_timeout')) return null
    throw error
  }
}
