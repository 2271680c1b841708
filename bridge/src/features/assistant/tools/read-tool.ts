import type { AnswerDocument } from '../../../shared/assistant-protocol.ts'
import { isStewardError } from '../../../shared/errors.ts'
import type { DoctypeDescription, FieldDescription } from '../../../shared/site-protocol.ts'
import { isTable } from './field-lookup.ts'
import { deskDocumentPath } from './list-filters.ts'
import { rowsWithin, shortCell } from './row-cap.ts'
import { search } from './search-tool.ts'
import { describeDoctype } from './find-tool.ts'
import type { ToolContext } from './tool-context.ts'
import type { ToolResults } from './tool-contract.ts'
import { ToolFailure } from './tool-failure.ts'
import { originsOfDocument } from './value-origins.ts'

const CHILD_ROWS = 50
/** Below this a search hit is a guess, not the document that was meant. */
const SURE = 0.85
const HIDDEN_TYPES = new Set([
  'Password',
  'Section Break',
  'Column Break',
  'Tab Break',
  'HTML',
  'Button',
  'Fold',
  'Image',
])

/** Reads by name; when there is none of that name, by a title that leaves no doubt. */
export async function readRecord(
  context: ToolContext,
  args: { doctype: string; name: string },
): Promise<ToolResults['read_record']> {
  const description = await describeDoctype(context, { doctype: args.doctype })
  const document = await readNamed(context, args.doctype, args.name)
  return {
    document: documentOf(description, document),
    values: valuesOf(description, document),
    origins: () => originsOfDocument(description),
  }
}

async function readNamed(
  context: ToolContext,
  doctype: string,
  name: string,
): Promise<Record<string, unknown>> {
  try {
    return await context.session.get(doctype, name)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  const { matches } = await search(context, { doctype, text: name, limit: 5 })
  const [best, second] = matches
  if (best && best.score >= SURE && (second?.score ?? 0) < best.score) {
    return context.session.get(doctype, best.name)
  }
  const near = matches.map((match) => `${match.title} (${match.name})`).join('; ')
  throw new ToolFailure(
    matches.length > 0 ? 'ambiguous' : 'not_found',
    matches.length > 0
      ? `There is no ${doctype} "${name}". Close: ${near}.`
      : `There is no ${doctype} "${name}" that you may read.`,
  )
}

function isMissing(error: unknown): boolean {
  return (
    isStewardError(error, 'not_found') ||
    (isStewardError(error, 'site_refused') && error.details.exc_type === 'DoesNotExistError')
  )
}

function documentOf(
  description: DoctypeDescription,
  document: Record<string, unknown>,
): AnswerDocument {
  const name = String(document.name)
  const title = description.title_field ? document[description.title_field] : null
  return {
    doctype: description.doctype,
    name,
    title: typeof title === 'string' && title !== '' ? title : name,
    docstatus: document.docstatus === 1 ? 1 : document.docstatus === 2 ? 2 : 0,
    desk_path: deskDocumentPath(description.doctype, name),
    fields: description.fields
      .filter((field) => !isTable(field) && isShown(field, document[field.fieldname]))
      .map((field) => ({
        label: field.label,
        fieldname: field.fieldname,
        fieldtype: field.fieldtype,
        options: optionsOf(field, document),
        value: shortCell(document[field.fieldname]),
      })),
  }
}

function valuesOf(
  description: DoctypeDescription,
  document: Record<string, unknown>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {
    name: document.name,
    docstatus: document.docstatus ?? 0,
    modified: document.modified,
    owner: document.owner,
  }
  for (const field of description.fields) {
    const value = document[field.fieldname]
    if (isTable(field)) values[field.fieldname] = childRows(field, value)
    else if (isShown(field, value)) values[field.fieldname] = shortCell(value)
  }
  return values
}

function childRows(field: FieldDescription, rows: unknown): Record<string, unknown>[] {
  if (!Array.isArray(rows)) return []
  const known = field.fields ?? []
  return rowsWithin(
    rows
      .slice(0, CHILD_ROWS)
      .map((row: Record<string, unknown>) =>
        Object.fromEntries(
          ['name', 'idx', ...known.map((child) => child.fieldname)]
            .filter((key) => row[key] !== undefined && row[key] !== null && row[key] !== '')
            .map((key) => [key, row[key]]),
        ),
      ),
  )
}

function isShown(field: FieldDescription, value: unknown): boolean {
  return !HIDDEN_TYPES.has(field.fieldtype) && value !== undefined && value !== null && value !== ''
}

/** DocType of a Link, currency code of an amount. */
function optionsOf(field: FieldDescription, document: Record<string, unknown>): string | null {
  if (field.fieldtype === 'Currency' || field.fieldtype === 'Dynamic Link') {
    const code = document[field.options ?? '']
    return typeof code === 'string' ? code : null
  }
  return field.fieldtype === 'Link' ? field.options : null
}
