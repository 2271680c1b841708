import type { AnswerColumn } from '../../../shared/assistant-protocol.ts'
import type { DoctypeDescription } from '../../../shared/site-protocol.ts'
import { isTable } from './field-lookup.ts'
import type { Selected } from './list-query.ts'
import type { ToolArguments } from './tool-contract.ts'

/** The field of ERPNext that one value of a result comes from. */
export interface ValueOrigin {
  /** Empty when nobody knows, as of a report's column. */
  doctype: string
  fieldname: string
  /** The doctype whose document it names; null for what is no link. */
  link: string | null
  /** Of a Dynamic Link: the key beside it that says which doctype it names. */
  link_in?: string | null
}

/** Where the values of a record or of a table's rows come from. */
export interface ValueOrigins {
  /** What a key without an entry of its own belongs to. */
  doctype: string
  fields: Record<string, ValueOrigin>
  /** The rows of child tables. */
  children: Record<string, ValueOrigins>
}

export function originsOfDocument(description: DoctypeDescription): ValueOrigins {
  const { doctype } = description
  const tables = description.fields.filter(isTable)
  return {
    doctype,
    fields: originsOfFields(doctype, description.fields),
    children: Object.fromEntries(
      tables.map(({ fieldname, options, fields = [] }) => {
        const child = options ?? ''
        return [fieldname, { doctype: child, fields: originsOfFields(child, fields), children: {} }]
      }),
    ),
  }
}

/** Links that were not asked for count too: a field may be copied from the document they name. */
export function originsOfList(description: DoctypeDescription, selected: Selected[]): ValueOrigins {
  const origins = originsOfDocument(description)
  for (const { key, doctype, field } of selected) {
    origins.fields[key] = originOf(doctype, field)
  }
  return origins
}

/** A sum of a field that may not leave tells as much as the field. */
export function originsOfGroups(
  description: DoctypeDescription,
  args: Pick<ToolArguments['aggregate'], 'group_by' | 'measures'>,
  columns: { key: string }[],
): ValueOrigins {
  const groups = (args.group_by ?? []).map((path, index) => [columns[index]?.key ?? path, path])
  const measures = args.measures.map(({ as, field }) => [as, field ?? 'name'])
  const fields = Object.fromEntries(
    [...groups, ...measures].map(([key = '', path = '']) => [key, originOfPath(description, path)]),
  )
  return { doctype: description.doctype, fields, children: {} }
}

/** A report says no more of a column than its name, its type and what it links to. */
export function originsOfReport(columns: AnswerColumn[]): ValueOrigins {
  const fields = columns.map(({ key, fieldtype, options }) => [
    key,
    {
      ...{ doctype: '', fieldname: key, link: fieldtype === 'Link' ? options : null },
      ...(fieldtype === 'Dynamic Link' && { link_in: options }),
    },
  ])
  return { doctype: '', fields: Object.fromEntries(fields), children: {} }
}

function originOfPath(description: DoctypeDescription, path: string): ValueOrigin {
  const [first = '', second] = (path.split(':')[0] ?? '').split('.')
  const field = description.fields.find(({ fieldname }) => fieldname === first)
  if (second !== undefined) return { doctype: field?.options ?? '', fieldname: second, link: null }
  if (field) return originOf(description.doctype, field)
  return { doctype: description.doctype, fieldname: first, link: null }
}

function originsOfFields(
  doctype: string,
  fields: DoctypeDescription['fields'],
): Record<string, ValueOrigin> {
  return Object.fromEntries(fields.map((field) => [field.fieldname, originOf(doctype, field)]))
}

function originOf(doctype: string, field: DoctypeDescription['fields'][number]): ValueOrigin {
  return {
    doctype,
    fieldname: field.fieldname,
    link: field.fieldtype === 'Link' ? field.options : null,
    ...(field.fieldtype === 'Dynamic Link' && { link_in: field.options }),
  }
}
