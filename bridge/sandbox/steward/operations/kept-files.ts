import type { SiteContext } from '../../site/contract.ts'
import { textOf, type Image } from '../values.ts'

const DOCTYPE = 'Steward Kept File'
const LARGEST = 8 * 1024 * 1024
const LARGEST_TOGETHER = 24 * 1024 * 1024

/** The File rows that can come back, and a sentence for each that cannot. */
export function attachmentsOf(
  doctype: string,
  name: string,
  site: SiteContext,
): { kept: Image[]; lost: string[] } {
  const rows = site.getAll('File', {
    fields: ['*'],
    filters: { attached_to_doctype: doctype, attached_to_name: name },
    order_by: 'creation asc',
  })
  const kept: Image[] = []
  const lost: string[] = []
  let left = LARGEST_TOGETHER
  for (const row of rows) {
    const size = isLink(row) ? 0 : site.readFile(textOf(row.file_url))?.length
    const told = `Attachment ${textOf(row.file_name)}`
    if (size === undefined) lost.push(`${told}: ERPNext does not hold its content`)
    else if (size > Math.min(LARGEST, left)) {
      lost.push(`${told}: too large to keep (${(size / 1024 / 1024).toFixed(1)} MB)`)
    } else {
      left -= size
      kept.push(row)
    }
  }
  return { kept, lost }
}

export function isLink(row: Image): boolean {
  return /^https?:\/\//.test(textOf(row.file_url))
}

/** Bytes of the attachments, by file id; read before the deletion takes them. */
export function contentsOf(rows: Image[], site: SiteContext): Map<string, string> {
  const contents = new Map<string, string>()
  for (const row of rows) {
    const bytes = isLink(row) ? null : site.readFile(textOf(row.file_url))
    if (bytes) contents.set(textOf(row.name), bytes.toString('base64'))
  }
  return contents
}

export function keep(
  operationId: string,
  rows: Image[],
  contents: Map<string, string>,
  site: SiteContext,
): void {
  for (const row of rows) {
    const content = contents.get(textOf(row.name))
    if (content === undefined) continue
    const { name: fileId, file_name, file_size } = row
    const values = { operation: operationId, file_id: fileId, file_name, file_size, content }
    site.dbInsert({ doctype: DOCTYPE, ...values })
  }
}

export function keptContent(operationId: string, fileId: string, site: SiteContext): Buffer | null {
  const [row] = site.getAll(DOCTYPE, {
    fields: ['content'],
    filters: { operation: operationId, file_id: fileId },
    limit_page_length: 1,
  })
  return row ? Buffer.from(textOf(row.content), 'base64') : null
}
