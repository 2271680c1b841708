import type { Document, DocumentInput } from '../../site/contract.ts'
import { permissionError, validationError } from '../../site/index.ts'
import type { SiteSession } from '../../site/index.ts'
import type { HttpMethod } from '../exchange.ts'
import { parseMaybeJson } from '../wire-document.ts'

const LARGEST_BATCH = 200

/** Writing half of `frappe.client`; the posted dictionary is the document. */
export const clientWrites: HttpMethod[] = [
  write('insert', ({ site, args }) => insertOne(site, documentOf(args.doc))),
  write('insert_many', ({ site, args }) => insertMany(site, parseMaybeJson(args.docs))),
  write('save', ({ site, args }) => site.save(documentOf(args.doc))),
  write('submit', ({ site, args }) => site.submit(documentOf(args.doc))),
  write('cancel', ({ site, args }) =>
    site.cancel(site.getDoc(String(args.doctype), String(args.name))),
  ),
  write('delete', ({ site, args }) => site.delete(String(args.doctype), String(args.name))),
  write('set_value', ({ site, args }) => setValue(site, args)),
  write('bulk_update', ({ site, args }) => bulkUpdate(site, args.docs)),
]

function write(name: string, run: HttpMethod['run']): HttpMethod {
  return { name: `frappe.client.${name}`, methods: ['POST', 'PUT', 'DELETE'], run }
}

function documentOf(value: unknown): DocumentInput {
  return parseMaybeJson(value) as DocumentInput
}

/** A child row is inserted by saving its parent with the row appended. */
function insertOne(site: SiteSession, document: DocumentInput): Document {
  if (!site.meta(document.doctype).istable) return site.insert(document)
  const { parenttype, parent, parentfield } = document
  if (!parenttype || !parent || !parentfield) {
    throw validationError(
      'Parenttype, Parent and Parentfield are required to insert a child record',
    )
  }
  const owner = site.getDoc(String(parenttype), String(parent))
  const rows = (owner[String(parentfield)] as Document[]) ?? []
  return site.save({ ...owner, [String(parentfield)]: [...rows, document] })
}

function insertMany(site: SiteSession, documents: unknown): string[] {
  const list = documents as DocumentInput[]
  if (list.length > LARGEST_BATCH) {
    throw validationError('Only 200 inserts allowed in one request')
  }
  return list.map((document) => insertOne(site, document).name)
}

function setValue(site: SiteSession, args: Record<string, unknown>): Document {
  const doctype = String(args.doctype)
  const given = parseMaybeJson(args.fieldname)
  const values =
    typeof given === 'object' && given !== null
      ? (given as Record<string, unknown>)
      : { [String(given)]: parseMaybeJson(args.value) }
  for (const protectedField of ['name', 'owner', 'creation', 'doctype', 'docstatus']) {
    if (protectedField in values) throw validationError('Cannot edit standard fields')
  }
  if (!site.meta(doctype).istable) {
    return site.save({ ...site.getDoc(doctype, String(args.name)), ...values })
  }
  return setChildValue(site, doctype, String(args.name), values)
}

function setChildValue(
  site: SiteSession,
  doctype: string,
  name: string,
  values: Record<string, unknown>,
): Document {
  const child = site.getDoc(doctype, name)
  if (!child.parenttype || !child.parent || !child.parentfield) throw permissionError('')
  const parent = site.getDoc(child.parenttype, child.parent)
  const rows = parent[child.parentfield] as Document[]
  const changed = rows.map((row) => (row.name === name ? { ...row, ...values } : row))
  return site.save({ ...parent, [child.parentfield]: changed })
}

/** Each document for itself; failures are listed and don't stop the others. */
function bulkUpdate(site: SiteSession, documents: unknown): unknown {
  const list = JSON.parse(String(documents)) as Record<string, unknown>[]
  const failed: { doc: unknown; exc: string }[] = []
  for (const document of list) {
    try {
      const { doctype, docname, ...values } = document
      site.save({ ...site.getDoc(String(doctype), String(docname)), ...values })
    } catch (error) {
      failed.push({ doc: document, exc: String(error) })
    }
  }
  return { failed_docs: failed }
}
