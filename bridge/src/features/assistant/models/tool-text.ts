import type { AnswerTable } from '../../../shared/assistant-protocol.ts'
import type { OperationPreview } from '../../../shared/site-protocol.ts'
import { maskRecord, maskSearch, withholdsName } from '../masking/record-masking.ts'
import { MASKED } from '../masking/withheld-values.ts'
import type { ProviderRules } from '../ports.ts'
import type { SearchMatch, ToolAnswer, ToolName } from '../tools/tool-contract.ts'
import type { ValueOrigins } from '../tools/value-origins.ts'
import { delimitedData } from './delimited-data.ts'

/** Most characters of one tool result a model is sent; the person gets the whole table. */
const MOST_CHARACTERS = 8_000
const MOST_ROWS = 40
const MOST_FIELDS = 90

/** Short names for handles, so that a model does not have to repeat a long one. */
export class HandleNames {
  private readonly handles = new Map<string, string>()

  nameOf(handle: string): string {
    for (const [name, known] of this.handles) if (known === handle) return name
    const name = `rows-${this.handles.size + 1}`
    this.handles.set(name, handle)
    return name
  }

  /** The arguments with the short name replaced by its handle. */
  resolve(argumentsJson: string): string {
    for (const [name, handle] of this.handles) {
      if (argumentsJson.includes(`"${name}"`)) {
        return argumentsJson.replace(`"${name}"`, JSON.stringify(handle))
      }
    }
    return argumentsJson
  }
}

/** What a model reads of a tool's answer: delimited, trimmed, masked, with a handle to read on. */
export function toolText(
  name: string,
  answer: ToolAnswer<ToolName>,
  handles: HandleNames,
  rules: ProviderRules,
): string {
  if (!answer.ok) return delimitedData(`${name} failed`, JSON.stringify(answer.error))
  return delimitedData(name, trimmed(JSON.stringify(forModel(answer.result, handles, rules))))
}

type Row = Record<string, unknown>

function forModel(result: object, handles: HandleNames, rules: ProviderRules): unknown {
  const origins = 'origins' in result ? (result.origins as () => ValueOrigins) : null
  const mask = (row: Row): Row => (origins && rules.any ? maskRecord(rules, origins(), row) : row)
  if ('table' in result) {
    const totals = 'totals' in result ? (result.totals as Row[]) : []
    return {
      ...tableForModel(result.table as AnswerTable, handles, mask),
      ...totalRows(totals, mask),
    }
  }
  if ('document' in result && 'values' in result) {
    const document = result.document as { doctype: string; name: string }
    const { name } = mask({ name: document.name })
    return { doctype: document.doctype, name, values: mask(result.values as Row) }
  }
  if ('matches' in result) {
    const matches = result.matches as SearchMatch[]
    return { matches: matches.map((match) => maskSearch(rules, match)) }
  }
  if ('operation_list' in result) return proposalForModel(result, rules)
  if ('fields' in result) return descriptionForModel(result)
  return result
}

function totalRows(totals: Row[], mask: (row: Row) => Row): { totals?: Row[] } {
  return totals.length === 0 ? {} : { totals: totals.map(mask) }
}

function tableForModel(table: AnswerTable, handles: HandleNames, mask: (row: Row) => Row): Row {
  const rows = table.rows.slice(0, MOST_ROWS)
  return {
    title: table.title,
    columns: table.columns.map(({ key, label, options }) => ({ key, label, options })),
    rows: rows.map(mask),
    rows_here: rows.length,
    rows_in_all: table.total,
    handle: table.handle === null ? null : handles.nameOf(table.handle),
  }
}

/** The card is for the person; the model needs to know what ERPNext would make of it. */
function proposalForModel(result: object, rules: ProviderRules): unknown {
  const { status, operation_id, operation_list } = result as {
    status: string
    operation_id: string
    operation_list: {
      summary: string
      previews: OperationPreview[]
    }
  }
  const last = operation_list.previews.at(-1)
  const { previews, summary } = operation_list
  const linked = rules.any ? previews.flatMap(linkedDoctypes) : []
  // Totals, messages and the summary are ERPNext's own sentences about the document and what it names.
  const told = previews.some((preview) => doctypesOf(preview).some((each) => rules.touches(each)))
    ? { card: MASKED }
    : {
        card: linked.some((each) => !each || withholdsName(rules, each)) ? MASKED : summary,
        totals: last?.totals ?? [],
        messages: linked.some((each) => rules.touches(each)) ? [] : (last?.messages ?? []),
      }
  return {
    status,
    operation_id,
    ...told,
    note: 'The person sees a card and decides. Nothing is saved yet.',
  }
}

/** The document's own doctype and those of its rows. */
function doctypesOf({ doctype, tables }: OperationPreview): string[] {
  return [doctype, ...tables.map((table) => table.doctype)]
}

/** Doctypes that the document's header names documents of; empty where nobody knows of which. */
function linkedDoctypes({ fields }: OperationPreview): string[] {
  const valueOf = (name: string | null) => fields.find(({ fieldname }) => fieldname === name)?.after
  return fields.flatMap(({ fieldtype, options, after }) => {
    if (!after || !options) return []
    if (fieldtype === 'Link') return [options]
    return fieldtype === 'Dynamic Link' ? [String(valueOf(options) ?? '')] : []
  })
}

function descriptionForModel(result: object): unknown {
  const description = result as { fields: Record<string, unknown>[] }
  const short = (field: Record<string, unknown>): unknown => ({
    fieldname: field.fieldname,
    label: field.label,
    fieldtype: field.fieldtype,
    options: field.options,
    ...(field.required ? { required: true } : {}),
    ...(Array.isArray(field.fields)
      ? { fields: field.fields.slice(0, MOST_FIELDS).map((child) => short(child)) }
      : {}),
  })
  return { ...description, fields: description.fields.slice(0, MOST_FIELDS).map(short) }
}

function trimmed(json: string): string {
  if (json.length <= MOST_CHARACTERS) return json
  return `${json.slice(0, MOST_CHARACTERS)} … (cut; ask for fewer fields or rows)`
}
