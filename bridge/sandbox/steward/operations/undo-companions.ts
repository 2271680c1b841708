import type { Document, SiteContext } from '../../site/contract.ts'
import { textOf, type Image } from '../values.ts'
import { filtersOf, relatedTo, type Companions } from './companions.ts'
import { isLink, keptContent } from './kept-files.ts'
import { plain } from './refusal.ts'
import { insertable } from './undo-values.ts'

/** Hangs on a restored document again what its deletion took along; says what does not come back. */
export function putBackCompanions(
  operationId: string,
  document: Document,
  companions: Companions,
  site: SiteContext,
): string[] {
  const lost = companions.losses.map((loss) => `Not brought back: ${loss}`)
  for (const along of companions.documents) lost.push(...putBackDocument(along, site))
  for (const file of companions.files) {
    lost.push(...putBackFile(operationId, document, file, site))
  }
  putBackRows(document, companions, site)
  return lost
}

function putBackDocument(along: Document, site: SiteContext): string[] {
  const { doctype, name, owner, creation } = along
  if (site.exists(doctype, name)) return []
  try {
    site.insert({ ...insertable(along), doctype }, { setName: name })
  } catch (error) {
    const reason = plain((error as Error).message)
    return [`Not brought back: ${doctype} ${name}, which went with it: ${reason}`]
  }
  site.dbSet(doctype, name, { owner, creation }, false)
  return []
}

/** The same File row; its bytes get their old address again. */
function putBackFile(
  operationId: string,
  document: Document,
  row: Image,
  site: SiteContext,
): string[] {
  const bytes = isLink(row) ? null : keptContent(operationId, textOf(row.name), site)
  if (!bytes && !isLink(row)) {
    return [`Not brought back: Attachment ${textOf(row.file_name)}: its content is kept no longer`]
  }
  if (bytes) site.writeFile(textOf(row.file_url), bytes)
  site.dbInsert({ ...row, doctype: 'File', attached_to_name: document.name })
  return []
}

/** As they were, their authors and times too. */
function putBackRows(document: Document, companions: Companions, site: SiteContext): void {
  for (const related of relatedTo(document.doctype)) {
    const [doctype, , nameField] = related
    if (doctype !== 'Dynamic Link') {
      site.dbDelete(doctype, filtersOf(related, document.doctype, document.name))
    }
    for (const row of companions.rows[doctype] ?? []) {
      if (!site.exists(doctype, textOf(row.name)) && standsApart(row, companions, site)) {
        site.dbInsert({ ...row, doctype, [nameField]: document.name })
      }
    }
  }
}

/** Not a row of a document that came back itself, or that is gone. */
function standsApart(row: Image, { documents }: Companions, site: SiteContext): boolean {
  if (!row.parent) return true
  const [type, name] = [textOf(row.parenttype), textOf(row.parent)]
  const cameBack = documents.some((along) => along.doctype === type && along.name === name)
  return !cameBack && site.exists(type, name)
}
