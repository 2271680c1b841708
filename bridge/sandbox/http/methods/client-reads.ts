import type { Document, PermissionType } from '../../site/contract.ts'
import { documentRights, doesNotExist, permissionError } from '../../site/index.ts'
import type { SiteSession } from '../../site/index.ts'
import type { HttpMethod } from '../exchange.ts'
import { listWithArguments } from '../list-arguments.ts'
import { readable } from '../readable.ts'
import { parseMaybeJson } from '../wire-document.ts'

type Args = Record<string, unknown>

/** Reading half of `frappe.client`. */
export const clientReads: HttpMethod[] = [
  {
    name: 'frappe.client.get_list',
    run: ({ site, args }) => listWithArguments(site, String(args.doctype), args),
  },
  {
    name: 'frappe.client.get',
    run: ({ site, args }) => readable(site, findDocument(site, args)),
  },
  { name: 'frappe.client.get_value', run: ({ site, args }) => getValue(site, args) },
  {
    name: 'frappe.client.get_single_value',
    run({ site, args }) {
      const doctype = String(args.doctype)
      if (!site.hasPermission(doctype, 'read')) {
        throw permissionError(`No permission for ${doctype}`)
      }
      return site.getSingle(doctype)[String(args.field)] ?? null
    },
  },
  { name: 'frappe.client.get_count', run: ({ site, args }) => countRows(site, args) },
  { name: 'frappe.desk.reportview.get_count', run: ({ site, args }) => countRows(site, args) },
  {
    name: 'frappe.client.has_permission',
    run({ site, args }) {
      const document = site.getDoc(String(args.doctype), String(args.docname))
      const right = String(args.perm_type ?? 'read') as PermissionType
      return { has_permission: site.hasPermission(document.doctype, right, document) }
    },
  },
  {
    name: 'frappe.client.get_doc_permissions',
    run({ site, args }) {
      const document = site.getDoc(String(args.doctype), String(args.docname))
      const rights = documentRights(site, site.state.metas.get(document.doctype), document)
      return { permissions: Object.fromEntries([...rights].map((right) => [right, 1])) }
    },
  },
  { name: 'frappe.client.validate_link', run: ({ site, args }) => validateLink(site, args) },
]

function findDocument(site: SiteSession, args: Args): Document {
  const doctype = String(args.doctype)
  if (args.name) return site.getDoc(doctype, String(args.name))
  if (args.filters === undefined || args.filters === null) return site.getSingle(doctype)
  const filters = parseMaybeJson(args.filters)
  if (typeof filters === 'string') return site.getDoc(doctype, filters)
  const [row] = site.getAll(doctype, { filters, limit_page_length: 1 })
  if (!row) throw doesNotExist(doctype, JSON.stringify(filters))
  return site.getDoc(doctype, String(row.name))
}

function getValue(site: SiteSession, args: Args): unknown {
  const doctype = String(args.doctype)
  const parsed = parseMaybeJson(args.fieldname)
  const fields = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]
  if (!site.meta(doctype).istable && !site.hasPermission(doctype, 'read')) {
    throw permissionError(`No permission for ${doctype}`)
  }
  if (site.meta(doctype).issingle) {
    const single = site.getSingle(doctype)
    return Object.fromEntries(fields.map((name) => [String(name), single[String(name)] ?? null]))
  }
  const given = parseMaybeJson(args.filters)
  const filters = typeof given === 'string' || typeof given === 'number' ? { name: given } : given
  const query = { ...args, fields, filters, limit_page_length: 1 }
  return listWithArguments(site, doctype, query)[0] ?? {}
}

function countRows(site: SiteSession, args: Args): number {
  const [row] = site.getList(String(args.doctype), {
    fields: ['count(distinct name) as total'],
    filters: parseMaybeJson(args.filters),
    or_filters: parseMaybeJson(args.or_filters),
    order_by: null,
  })
  return Number(row?.total ?? 0)
}

/** Answers the stored spelling of the name, and `null` for what is not there. */
function validateLink(site: SiteSession, args: Args): unknown {
  const doctype = String(args.doctype)
  if (!site.hasPermission(doctype, 'select') && !site.hasPermission(doctype, 'read')) {
    throw permissionError(
      `You do not have Read or Select Permissions for <strong>${doctype}</strong>`,
    )
  }
  const docname = String(args.docname)
  const stored = site.exists(doctype, docname) ? site.getValue(doctype, docname, 'name') : null
  const fields = (parseMaybeJson(args.fields) as string[] | undefined) ?? []
  if (stored === null || fields.length === 0) return { name: stored }
  const values = site.getList(doctype, { filters: { name: stored }, fields, order_by: null })[0]
  return { name: stored, ...values }
}
