import type { DocumentInput, PermissionType } from '../site/contract.ts'
import { permissionError, SiteError } from '../site/index.ts'
import type { SiteSession } from '../site/index.ts'
import type { Call } from './exchange.ts'
import { listWithArguments } from './list-arguments.ts'
import { runDocumentMethod } from './methods/document-methods.ts'
import { readable } from './readable.ts'
import { parseMaybeJson, withoutNulls } from './wire-document.ts'

/** `/api/resource/<DocType>[/<name>]`; names may hold slashes. */
export function handleResource(call: Call, doctype: string, name: string | null): unknown {
  checkDoctype(call.site, doctype, name)
  const method = call.request.method
  if (name === null) {
    if (method === 'GET' || method === 'HEAD')
      return listWithArguments(call.site, doctype, call.args)
    if (method === 'POST') return createDocument(call, doctype)
  } else {
    if (method === 'GET' || method === 'HEAD') return readDocument(call, doctype, name)
    if (method === 'PUT') return updateDocument(call, doctype, name)
    if (method === 'DELETE') return deleteDocument(call, doctype, name)
    if (method === 'POST') return runMethod(call, doctype, name)
  }
  throw new SiteError('DoesNotExistError', '', { silent: true })
}

function checkDoctype(site: SiteSession, doctype: string, name: string | null): void {
  if (site.hasMeta(doctype)) return
  if (name !== null) {
    const module = doctype.toLowerCase().replaceAll(' ', '_')
    throw new SiteError('ImportError', `No module named 'frappe.core.doctype.${module}'`, {
      silent: true,
    })
  }
  throw new SiteError('DoesNotExistError', `DocType ${doctype} not found`)
}

/** A key `data` of the body *is* the document, a trap for doctypes that have such a field. */
function bodyOf(call: Call): Record<string, unknown> {
  const { data } = call.args
  const body = data === undefined ? call.args : (parseMaybeJson(data) as Record<string, unknown>)
  const { doctype: _doctype, flags: _flags, ...values } = body
  return values
}

function createDocument(call: Call, doctype: string): unknown {
  const { name, ...values } = bodyOf(call)
  const document: DocumentInput = { ...values, doctype }
  if (name !== undefined) document.name = name as string
  return withoutNulls(call.site.insert(document))
}

function readDocument(call: Call, doctype: string, name: string): unknown {
  if (call.args.run_method) return runMethod(call, doctype, name)
  return withoutNulls(readable(call.site, call.site.getDoc(doctype, name)))
}

/** Loads the stored document and lays the body over it: scalars partly, tables as a whole. */
function updateDocument(call: Call, doctype: string, name: string): unknown {
  const stored = call.site.getDoc(doctype, name)
  const changes = bodyOf(call)
  const document = { ...stored, ...changes, doctype, name: stored.name }
  if (stored.docstatus === 1 && Number(document.docstatus) === 2) {
    return withoutNulls(call.site.cancel(document))
  }
  return withoutNulls(call.site.save(document))
}

function deleteDocument(call: Call, doctype: string, name: string): unknown {
  call.site.delete(doctype, name)
  call.reply.status = 202
  return 'ok'
}

function runMethod(call: Call, doctype: string, name: string): unknown {
  const method = call.args.run_method
  const document = call.site.getDoc(doctype, name)
  const needed: PermissionType = call.request.method === 'GET' ? 'read' : 'write'
  if (!call.site.hasPermission(doctype, needed, document)) {
    throw permissionError('Not permitted')
  }
  return runDocumentMethod(call, document, String(method))
}
