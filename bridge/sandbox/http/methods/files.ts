import { contentHash, permissionError, SiteError, validationError } from '../../site/index.ts'
import type { SiteSession } from '../../site/index.ts'
import type { Call, HttpMethod, SiteResponse, UploadedFile } from '../exchange.ts'
import { html } from '../envelope.ts'
import { withoutNulls } from '../wire-document.ts'

const LARGEST_FILE = 25 * 1024 * 1024

export const fileMethods: HttpMethod[] = [
  { name: 'upload_file', methods: ['POST'], run: upload },
  { name: 'download_file', allowGuest: true, run: downloadMethod },
  { name: 'frappe.core.doctype.file.file.download_file', allowGuest: true, run: downloadMethod },
]

/** Registers the bytes as a File; needs write on the document it is attached to. */
function upload(call: Call): unknown {
  const { site, args, request } = call
  const doctype = text(args.doctype)
  const name = text(args.docname)
  if (doctype && name) checkTarget(site, doctype, name)
  const file = request.files.file
  const isPrivate = args.is_private === '1' || args.is_private === 1 || args.is_private === 'true'
  const stored = file ? storeBytes(site, file, isPrivate) : { file_url: text(args.file_url) }
  const document = site.insert(
    {
      doctype: 'File',
      attached_to_doctype: doctype,
      attached_to_name: name,
      attached_to_field: text(args.fieldname),
      folder: text(args.folder) ?? 'Home',
      file_name: file?.filename ?? text(args.file_name),
      is_private: isPrivate ? 1 : 0,
      ...stored,
    },
    { ignoreLinks: true },
  )
  return withoutNulls(document)
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function checkTarget(site: SiteSession, doctype: string, name: string): void {
  const document = site.getDoc(doctype, name)
  site.checkPermission(doctype, 'write', document)
}

/** Equal bytes of equal privacy share one URL. */
function storeBytes(
  site: SiteSession,
  file: UploadedFile,
  isPrivate: boolean,
): { file_url: string; file_size: number; content_hash: string; file_type: string } {
  if (file.bytes.length > LARGEST_FILE) {
    throw new SiteError(
      'MaxFileSizeReachedError',
      'File size exceeded the maximum allowed size of 25.0 MB',
    )
  }
  if (file.bytes.length === 0)
    throw validationError('There is some problem with the file url: None')
  const hash = contentHash(file.bytes)
  const [same] = site.getAll('File', {
    filters: { content_hash: hash, is_private: isPrivate ? 1 : 0 },
    fields: ['file_url'],
    limit_page_length: 1,
  })
  const url = same ? String(same.file_url) : freeUrl(site, file.filename, isPrivate, hash)
  if (!same) site.state.contents.write(url, file.bytes)
  return {
    file_url: url,
    file_size: file.bytes.length,
    content_hash: hash,
    file_type: (file.filename.split('.').at(-1) ?? '').toUpperCase(),
  }
}

function freeUrl(site: SiteSession, filename: string, isPrivate: boolean, hash: string): string {
  const folder = isPrivate ? '/private/files/' : '/files/'
  const safe = filename.replace(/[\\/%?#]/g, '_')
  if (!site.state.contents.read(folder + safe)) return folder + safe
  const dot = safe.lastIndexOf('.')
  const suffix = hash.slice(-6)
  return dot < 0
    ? `${folder}${safe}${suffix}`
    : `${folder}${safe.slice(0, dot)}${suffix}${safe.slice(dot)}`
}

function downloadMethod(call: Call): unknown {
  call.reply.raw = download(call.site, String(call.args.file_url ?? ''), true)
  return undefined
}

/** `/private/files/x` and `/files/x`: any File with that URL that may be read opens it. */
export function download(site: SiteSession, url: string, asAttachment: boolean): SiteResponse {
  const rows = site.getAll('File', { filters: { file_url: url }, fields: ['name', 'file_name'] })
  const open = rows.find((row) =>
    site.hasPermission('File', 'read', site.getDoc('File', String(row.name))),
  )
  if (!open && url.startsWith('/private/')) return html(403, '<h1>Forbidden</h1>')
  const bytes = site.state.contents.read(url)
  if (!bytes) {
    if (rows.length === 0 && site.user === 'Guest') throw permissionError('')
    return html(404, '<h1>Not Found</h1>')
  }
  return {
    status: 200,
    headers: {
      'content-type': contentType(url),
      ...(asAttachment
        ? {
            'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(String(open?.file_name ?? ''))}`,
          }
        : {}),
    },
    body: bytes,
  }
}

const TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  csv: 'text/csv',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json',
  xml: 'application/xml',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}

function contentType(url: string): string {
  return TYPES[url.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
}
