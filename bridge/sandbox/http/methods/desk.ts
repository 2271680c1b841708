import type { DoctypeDefinition, ListQuery } from '../../site/contract.ts'
import { permissionError, SiteError } from '../../site/index.ts'
import type { SiteSession } from '../../site/index.ts'
import type { Call, HttpMethod } from '../exchange.ts'
import { listWithArguments } from '../list-arguments.ts'
import { readable } from '../readable.ts'
import { parseMaybeJson } from '../wire-document.ts'

/** What Desk's own pages ask for. */
export const deskMethods: HttpMethod[] = [
  { name: 'frappe.desk.search.search_link', run: ({ site, args }) => searchLink(site, args) },
  { name: 'frappe.desk.form.load.getdoctype', run: getDoctype },
  { name: 'frappe.desk.form.load.getdoc', run: getDocument },
  {
    name: 'frappe.desk.reportview.get_list',
    run: ({ site, args }) => listWithArguments(site, String(args.doctype), deskPaging(args)),
  },
  { name: 'frappe.desk.reportview.get', run: ({ site, args }) => reportView(site, args) },
  { name: 'frappe.desk.query_report.run', run: runReport },
]

const SEARCHABLE = new Set(['Data', 'Text', 'Small Text', 'Link', 'Select', 'Read Only'])

/** Matches in name, title and search fields, those that begin with the text first. */
function searchLink(site: SiteSession, args: Record<string, unknown>): unknown {
  const doctype = String(args.doctype)
  const meta = site.meta(doctype)
  const text = String(args.txt ?? '')
  const fields = searchFields(meta)
  const query: ListQuery = {
    fields: ['name', ...fields.filter((field) => field !== 'name')],
    filters: [...givenFilters(args.filters), ...enabledFilters(meta)],
    or_filters: text ? ['name', ...fields].map((field) => [field, 'like', `%${text}%`]) : [],
    order_by: null,
  }
  const rows = site.getList(doctype, query)
  rows.sort((left, right) => rank(left, text) - rank(right, text))
  const length = Number(args.page_length ?? 10) || 10
  return rows.slice(0, length).map((row) => searchResult(meta, row, fields))
}

function searchFields(meta: DoctypeDefinition): string[] {
  const listed = (meta.search_fields ?? '').split(',').map((field) => field.trim())
  const wanted = [meta.title_field ?? '', ...listed]
  return [...new Set(wanted)].filter((name) =>
    meta.fields.some((field) => field.fieldname === name && SEARCHABLE.has(field.fieldtype)),
  )
}

function givenFilters(filters: unknown): unknown[] {
  const parsed = parseMaybeJson(filters)
  if (Array.isArray(parsed)) return parsed as unknown[]
  if (!parsed || typeof parsed !== 'object') return []
  return Object.entries(parsed).map(([field, value]) =>
    Array.isArray(value) ? [field, value[0] as unknown, value[1] as unknown] : [field, '=', value],
  )
}

function enabledFilters(meta: DoctypeDefinition): unknown[] {
  const has = (name: string) =>
    meta.fields.some((field) => field.fieldname === name && field.fieldtype === 'Check')
  const filters: unknown[] = []
  if (has('enabled')) filters.push(['enabled', '=', 1])
  if (has('disabled')) filters.push(['disabled', '!=', 1])
  return filters
}

function rank(row: Record<string, unknown>, text: string): number {
  const position = String(row.name).toLowerCase().indexOf(text.toLowerCase())
  return position < 0 ? Number.MAX_SAFE_INTEGER : position
}

function searchResult(
  meta: DoctypeDefinition,
  row: Record<string, unknown>,
  fields: string[],
): Record<string, unknown> {
  const shown = fields.map((field) => row[field]).filter((value) => value && value !== row.name)
  const result = { value: row.name, description: shown.join(', ') }
  if (!meta.show_title_field_in_link || !meta.title_field) return result
  return { ...result, label: row[meta.title_field] }
}

function getDoctype(call: Call): unknown {
  const doctype = String(call.args.doctype)
  const meta = call.site.meta(doctype)
  const children = meta.fields
    .filter(
      (field) => field.fieldtype.startsWith('Table') && call.site.hasMeta(field.options ?? ''),
    )
    .map((field) => call.site.meta(field.options ?? ''))
  call.reply.extra.docs = [meta, ...children].map((definition) => ({
    doctype: 'DocType',
    ...definition,
    fields: definition.fields.map((field, index) => ({
      ...field,
      idx: index + 1,
      parent: definition.name,
    })),
  }))
  call.reply.extra.user_settings = '{}'
  return undefined
}

function getDocument(call: Call): unknown {
  const document = call.site.getDoc(String(call.args.doctype), String(call.args.name))
  call.reply.extra.docs = [readable(call.site, document)]
  call.reply.extra.docinfo = { doctype: document.doctype, name: document.name }
  return undefined
}

/** The compressed form of Desk's list: keys once, then rows. */
function reportView(site: SiteSession, args: Record<string, unknown>): unknown {
  const rows = listWithArguments(site, String(args.doctype), deskPaging(args)) as Record<
    string,
    unknown
  >[]
  if (rows.length === 0) return []
  return {
    keys: Object.keys(rows[0] ?? {}),
    values: rows.map((row) => Object.values(row)),
    user_info: {},
  }
}

/** Desk calls the page `start` and `page_length`. */
function deskPaging(args: Record<string, unknown>): Record<string, unknown> {
  return {
    ...args,
    limit_page_length: args.page_length ?? args.limit_page_length,
    limit_start: args.start ?? args.limit_start,
  }
}

/** Needs a role of the report and the right `report` on its doctype; the apps make the rows. */
function runReport(call: Call): unknown {
  const { site, args, host } = call
  const name = String(args.report_name)
  const report = site.getDoc('Report', name)
  checkReportAccess(site, report.roles as { role?: unknown }[], String(report.ref_doctype), name)
  const filters = (parseMaybeJson(args.filters) as Record<string, unknown> | null) ?? {}
  for (const app of host.site.apps) {
    const result = app.runReport?.(site, name, filters)
    if (result) return { add_total_row: Boolean(report.add_total_row), ...result }
  }
  throw new SiteError('DoesNotExistError', `Report ${name} not found`)
}

function checkReportAccess(
  site: SiteSession,
  roles: { role?: unknown }[] | undefined,
  doctype: string,
  name: string,
): void {
  const named = (roles ?? []).map((row) => String(row.role))
  if (named.length > 0 && !named.some((role) => site.roles.has(role))) {
    throw permissionError(`You don't have access to Report: ${name}`)
  }
  if (!site.hasPermission(doctype, 'report')) {
    throw permissionError(`You don't have permission to get a report on: ${doctype}`)
  }
}
