import type { Document, DoctypeDefinition } from '../../site/contract.ts'
import { doesNotExist } from '../../site/index.ts'
import { html } from '../envelope.ts'
import type { Call, SiteResponse } from '../exchange.ts'
import { readable } from '../readable.ts'
import { escapeHtml } from './escape-html.ts'

interface DeskPage {
  title: string
  csrfToken: string
  /** Desk's own route: `Form`, `List` or `Workspaces`. */
  route: string[]
  hasPanel: boolean
}

/** `/app/<doctype>[/<name>]`: a plain read-only view, so that links to documents open. */
export function deskPage(call: Call, csrfToken: string): SiteResponse {
  const [, slug, ...rest] = call.request.segments
  const hasPanel = isSwitchedOn(call)
  const page = (title: string, route: string[]) => ({ title, route, csrfToken, hasPanel })
  if (!slug || slug === 'home') {
    return shell(page('Home', ['Workspaces', 'Home']), '<p>Sandbox site</p>')
  }
  const meta = call.site.allMetas().find((definition) => slugOf(definition.name) === slug)
  if (!meta) throw doesNotExist('Page', slug)
  if (rest.length === 0 || rest[0] === 'view') {
    return shell(page(meta.name, ['List', meta.name, 'List']), listView(call, meta))
  }
  const document = readable(call.site, call.site.getDoc(meta.name, rest.join('/')))
  const route = ['Form', meta.name, document.name]
  return shell(page(`${meta.name} ${document.name}`, route), documentView(meta, document))
}

function isSwitchedOn(call: Call): boolean {
  if (!call.host.publicFolder || !call.site.hasMeta('Steward Settings')) return false
  return Boolean(call.site.getSingle('Steward Settings').enabled)
}

/** As much of Desk's globals as the panel reads. */
function deskGlobals(page: DeskPage): string {
  const json = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c')
  return `var frappe = { boot: { steward: { enabled: ${page.hasPanel} } } };
frappe.csrf_token = ${json(page.csrfToken)};
frappe.get_route = () => ${json(page.route)};
frappe.set_route = (...route) => {
  const [view, doctype, ...rest] = route;
  const parts = view === 'List' || view === 'Form' ? [doctype.toLowerCase().replaceAll(' ', '-'), ...rest] : route;
  location.assign('/app/' + parts.map(encodeURIComponent).join('/'));
};`
}

function panel(page: DeskPage): string {
  if (!page.hasPanel) return ''
  return `<link rel="stylesheet" href="/assets/steward/desk/steward-panel.css">
<script defer src="/assets/steward/desk/steward-panel.js"></script>`
}

function slugOf(doctype: string): string {
  return doctype.toLowerCase().replaceAll(' ', '-')
}

function listView(call: Call, meta: DoctypeDefinition): string {
  const rows = call.site.getList(meta.name, { limit_page_length: 100 })
  const items = rows.map(({ name }) => {
    const href = `/app/${slugOf(meta.name)}/${encodeURIComponent(String(name))}`
    return `<li><a href="${escapeHtml(href)}">${escapeHtml(String(name))}</a></li>`
  })
  return `<ul>${items.join('')}</ul>`
}

const STATUS = ['Draft', 'Submitted', 'Cancelled']

function documentView(meta: DoctypeDefinition, document: Document): string {
  const status = meta.is_submittable ? `<p data-docstatus>${STATUS[document.docstatus]}</p>` : ''
  const fields = meta.fields.filter((field) => !field.hidden && hasValue(document[field.fieldname]))
  const plain = fields.filter((field) => !Array.isArray(document[field.fieldname]))
  const tables = fields.filter((field) => Array.isArray(document[field.fieldname]))
  const list = plain
    .map(
      (field) =>
        `<dt>${escapeHtml(field.label)}</dt><dd data-fieldname="${field.fieldname}">${escapeHtml(String(document[field.fieldname]))}</dd>`,
    )
    .join('')
  const grids = tables.map((field) => grid(field.label, document[field.fieldname] as Document[]))
  return `${status}<dl>${list}</dl>${grids.join('')}`
}

function hasValue(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : value !== null && value !== undefined && value !== ''
}

const HIDDEN =
  /^(doctype|name|owner|creation|modified|modified_by|docstatus|parent|parentfield|parenttype)$/

function grid(label: string, rows: Document[]): string {
  const columns = Object.keys(rows[0] ?? {}).filter(
    (key) => !HIDDEN.test(key) && rows.some((row) => hasValue(row[key])),
  )
  const head = columns.map((column) => `<th>${escapeHtml(column)}</th>`).join('')
  const body = rows
    .map(
      (row) =>
        `<tr>${columns.map((column) => `<td>${escapeHtml(String(row[column] ?? ''))}</td>`).join('')}</tr>`,
    )
    .join('')
  return `<h2>${escapeHtml(label)}</h2><div class="scroll"><table><tr>${head}</tr>${body}</table></div>`
}

function shell(page: DeskPage, body: string): SiteResponse {
  return html(
    200,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(page.title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 14px system-ui, sans-serif; max-width: 960px; margin: 24px auto; padding: 0 16px }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px }
dt { color: #666 } dd { margin: 0 } .scroll { overflow-x: auto }
table { border-collapse: collapse } td, th { border: 1px solid #ddd; padding: 4px 8px; text-align: left }
</style>
<script>${deskGlobals(page)}</script>${panel(page)}</head>
<body><h1>${escapeHtml(page.title)}</h1>${body}</body></html>`,
  )
}
