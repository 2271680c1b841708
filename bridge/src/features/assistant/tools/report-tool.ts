import type { AnswerColumn } from '../../../shared/assistant-protocol.ts'
import { canonicalHash } from '../../../shared/canonical-json.ts'
import { rowsWithin } from './row-cap.ts'
import { decodeHandle, encodeHandle } from './table-handle.ts'
import { similarity } from './text-similarity.ts'
import type { ToolContext } from './tool-context.ts'
import type { ToolArguments, ToolResults } from './tool-contract.ts'
import { ToolFailure } from './tool-failure.ts'
import { TOOL_SCHEMAS } from './tool-schemas.ts'
import { originsOfReport } from './value-origins.ts'

const LISTED = 20
/** Filters cost a call a report, so they are read only when few reports are left. */
const WITH_FILTERS = 3
const DEFAULT_ROWS = 50

export async function listReports(
  context: ToolContext,
  args: ToolArguments['list_reports'],
): Promise<ToolResults['list_reports']> {
  const words = await context.knowledge.words(context.actor, context.session)
  const reports = words.reports
    .filter((report) => !args.doctype || report.ref_doctype === args.doctype)
    .map((report) => ({ report, score: args.words ? reportScore(args.words, report) : 1 }))
    .filter(({ score }) => score > 0.25)
    .sort((a, b) => b.score - a.score)
    .slice(0, LISTED)
  const listed: ToolResults['list_reports']['reports'] = []
  for (const [index, { report }] of reports.entries()) {
    const filters =
      index < WITH_FILTERS
        ? await context.knowledge.reportFilters(context.actor, context.session, report.name)
        : []
    listed.push({
      name: report.name,
      label: report.label,
      ref_doctype: report.ref_doctype,
      filters,
    })
  }
  return { reports: listed }
}

function reportScore(words: string, report: { name: string; label: string }): number {
  return Math.max(similarity(words, report.name), similarity(words, report.label))
}

interface ReportAnswer {
  result?: unknown[]
  columns?: unknown[]
  add_total_row?: unknown
}

export async function runReport(
  context: ToolContext,
  given: ToolArguments['run_report'],
): Promise<ToolResults['run_report']> {
  const { args, start, after } = continued(given)
  const answer = await context.session.call<ReportAnswer>('frappe.desk.query_report.run', {
    report_name: args.report,
    filters: args.filters ?? {},
    ignore_prepared_report: 1,
  })
  const columns = (answer.columns ?? []).map(reportColumn)
  const result = answer.result ?? []
  const all = result.map((row) => reportRow(columns, row))
  const totals = all.filter((row, index) => isTotal(row, result[index], columns))
  const from = after ? placeAfter(all, after, start) : start
  const rows = rowsWithin(all.slice(from, from + (args.limit ?? DEFAULT_ROWS)))
  const next = from + rows.length
  const link = columns.find((column) => column.fieldtype === 'Link' && column.options)
  return {
    table: {
      title: args.report,
      columns: columns.map((column) => ({
        ...column,
        options: column.fieldtype === 'Currency' ? context.currency : column.options,
      })),
      rows,
      total: all.length,
      row_link: link?.options ? { doctype: link.options, name_key: link.key } : null,
      handle:
        next < all.length
          ? encodeHandle({
              tool: 'run_report',
              args: { ...args },
              start: next,
              after: { value: '', name: canonicalHash(rows.at(-1)) },
            })
          : null,
      chart: null,
      desk_path: `/app/query-report/${encodeURIComponent(args.report)}`,
    },
    totals,
    origins: () => originsOfReport(columns),
  }
}

/** A report has no keys: the row shown last is found again by all that it says, nearest to where it was. */
function placeAfter(rows: Record<string, unknown>[], after: string, start: number): number {
  const places = rows.flatMap((row, index) => (canonicalHash(row) === after ? [index + 1] : []))
  const distance = (place: number) => Math.abs(place - start)
  return places.toSorted((a, b) => distance(a) - distance(b))[0] ?? start
}

/** ERPNext's totals stand in a row of their own: a bare list, or named "Total …" or in quotes. */
function isTotal(row: Record<string, unknown>, given: unknown, columns: AnswerColumn[]): boolean {
  const isList = Array.isArray(given) && columns.length > 0
  const label = columns
    .map(({ key }) => row[key])
    .find((value) => typeof value === 'string' && value)
  return (
    (isList && label === 'Total') ||
    isSumOnly(row, given) ||
    /^(?:'.+'$|Total\b)/.test(String(label ?? ''))
  )
}

/** The row Frappe adds is the only list among records; its label is left out under a date. */
function isSumOnly(row: Record<string, unknown>, given: unknown): boolean {
  if (!Array.isArray(given)) return false
  const said = Object.values(row).filter((value) => value !== '' && value !== null)
  return (
    said.length > 0 &&
    said.every(
      (value) => typeof value === 'number' || value === 'Total' || /^[A-Z]{3}$/.test(String(value)),
    )
  )
}

function continued(given: ToolArguments['run_report']): {
  args: ToolArguments['run_report']
  start: number
  after?: string | undefined
} {
  if (given.handle === undefined) return { args: given, start: 0 }
  const handle = decodeHandle(given.handle)
  const parsed = TOOL_SCHEMAS.run_report.safeParse(handle.args)
  if (handle.tool !== 'run_report' || !parsed.success) {
    throw new ToolFailure('invalid_handle', 'This handle does not belong to a report.')
  }
  const { start, after } = handle
  return {
    args: { ...parsed.data, limit: given.limit ?? parsed.data.limit },
    start,
    after: after?.name,
  }
}

/** Reports name columns as objects or as `Label:Type/Options:Width`. */
function reportColumn(column: unknown): AnswerColumn {
  if (typeof column === 'string') return columnFromText(column)
  const given = column as Record<string, unknown>
  const label = String(given.label ?? given.fieldname ?? '')
  return {
    key: String(given.fieldname ?? keyOfLabel(label)),
    label,
    fieldtype: String(given.fieldtype ?? 'Data'),
    options: typeof given.options === 'string' && given.options !== '' ? given.options : null,
  }
}

function columnFromText(text: string): AnswerColumn {
  const [label = '', type = 'Data'] = text.split(':')
  const [fieldtype = 'Data', options] = type.split('/')
  return {
    key: keyOfLabel(label),
    label,
    fieldtype: fieldtype === '' ? 'Data' : fieldtype,
    options: options ?? null,
  }
}

function keyOfLabel(label: string): string {
  return label.toLowerCase().replaceAll(' ', '_').replaceAll('-', '_')
}

function reportRow(columns: AnswerColumn[], row: unknown): Record<string, unknown> {
  if (Array.isArray(row)) {
    return Object.fromEntries(columns.map((column, index) => [column.key, row[index] ?? null]))
  }
  const given = (row ?? {}) as Record<string, unknown>
  return Object.fromEntries(columns.map((column) => [column.key, given[column.key] ?? null]))
}
