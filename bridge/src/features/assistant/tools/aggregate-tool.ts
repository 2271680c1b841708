import type { AnswerTable } from '../../../shared/assistant-protocol.ts'
import { STEWARD_METHODS, type AggregateResult } from '../../../shared/site-protocol.ts'
import { deskListPath } from './list-filters.ts'
import { requireField } from './field-lookup.ts'
import { rowsWithin } from './row-cap.ts'
import { describeDoctype } from './find-tool.ts'
import type { ToolContext } from './tool-context.ts'
import type { ToolArguments, ToolResults } from './tool-contract.ts'
import { ToolFailure } from './tool-failure.ts'
import { originsOfGroups } from './value-origins.ts'

type AggregateArguments = ToolArguments['aggregate']

const DEFAULT_GROUPS = 50

/** Counts and sums over what the person may list; the site does the arithmetic. */
export async function aggregate(
  context: ToolContext,
  args: AggregateArguments,
): Promise<ToolResults['aggregate']> {
  const description = await describeDoctype(context, { doctype: args.doctype })
  checkFields(args, (fieldname) => void requireField(description, fieldname))
  const groupBy = args.group_by ?? []
  const result = await context.session.call<AggregateResult>(STEWARD_METHODS.aggregate, {
    query: {
      doctype: args.doctype,
      filters: args.filters ?? [],
      group_by: groupBy,
      measures: args.measures,
      ...(args.order_by && { order_by: args.order_by }),
      limit: args.limit ?? DEFAULT_GROUPS,
    },
  })
  const rows = rowsWithin(result.rows)
  const category = result.columns[0]
  return {
    origins: () => originsOfGroups(description, args, result.columns),
    total_groups: result.total_groups,
    table: {
      title: args.title ?? description.label,
      columns: result.columns.map((column) => ({
        ...column,
        options: column.fieldtype === 'Currency' ? result.currency : column.options,
      })),
      rows,
      total: result.total_groups,
      row_link: rowLink(groupBy, result),
      handle: null,
      chart: chartOf(args, category?.key, rows.length),
      desk_path: deskListPath(description, args.filters ?? []),
    },
  }
}

function checkFields(args: AggregateArguments, check: (fieldname: string) => void): void {
  for (const measure of args.measures) {
    if (measure.function !== 'count' && !measure.field) {
      throw new ToolFailure('invalid_arguments', `${measure.function} needs a field.`)
    }
    if (measure.field) check(measure.field.split('.')[0] ?? '')
  }
  for (const group of args.group_by ?? []) check(group.split(':')[0]?.split('.')[0] ?? '')
  for (const [path] of args.filters ?? []) check(path.split('.')[0] ?? '')
}

/** Groups by one link open the linked document. */
function rowLink(groupBy: string[], result: AggregateResult): AnswerTable['row_link'] {
  const column = result.columns[0]
  if (groupBy.length !== 1 || column?.fieldtype !== 'Link' || !column.options) return null
  return { doctype: column.options, name_key: column.key }
}

function chartOf(
  args: AggregateArguments,
  category: string | undefined,
  rows: number,
): AnswerTable['chart'] {
  if (!args.chart || !category || rows < 2 || !args.group_by?.length) return null
  return { kind: args.chart, category, values: args.measures.map((measure) => measure.as) }
}
