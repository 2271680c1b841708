import type { FieldDefinition } from '../contract.ts'
import { SiteError, permissionError } from '../errors.ts'
import { isTableField } from '../field-types.ts'
import type { InnerSite } from '../inner-site.ts'
import type { Meta } from '../metas.ts'
import type { Row } from '../table.ts'

/** One row of each table of the query; null where a left join found none. */
export type Combined = readonly (Row | null)[]

export interface Source {
  meta: Meta
  /** Null for the listed doctype itself. */
  join: { kind: 'child' } | { kind: 'link'; fieldname: string } | null
}

export interface Column {
  source: number
  fieldname: string
  field: FieldDefinition
  meta: Meta
}

/** The tables of one query: the listed doctype, and children or link targets joined on demand. */
export class Sources {
  readonly list: Source[]
  readonly #site: InnerSite
  readonly #checkPermission: boolean

  constructor(site: InnerSite, meta: Meta, checkPermission: boolean) {
    this.#site = site
    this.#checkPermission = checkPermission
    this.list = [{ meta, join: null }]
  }

  get main(): Meta {
    return this.list[0]!.meta
  }

  /** `field`, `` `tabDocType`.`field` ``, `link.field` or `child_table.field`. */
  column(text: string): Column {
    const plain = text.replaceAll('`', '').trim()
    const dot = plain.lastIndexOf('.')
    if (dot < 0) return this.#own(plain)
    const owner = plain.slice(0, dot)
    const fieldname = plain.slice(dot + 1)
    if (owner.startsWith('tab')) return this.ofDoctype(owner.slice(3), fieldname)
    const link = this.main.field(owner)
    if (!link?.options) throw unknownColumn(plain)
    if (isTableField(link)) return this.ofDoctype(link.options, fieldname)
    return this.#make(this.#joinLink(link.options, owner), fieldname)
  }

  /** A column of the listed doctype or of one of its child tables. */
  ofDoctype(doctype: string, fieldname: string): Column {
    if (doctype === this.main.name) return this.#own(fieldname)
    return this.#make(this.#joinChild(doctype), fieldname)
  }

  /** A name the doctype doesn't have may be a field of one of its child tables. */
  ownOrChild(fieldname: string): Column {
    if (this.main.field(fieldname)) return this.#own(fieldname)
    for (const table of this.main.tables) {
      const doctype = table.options ?? ''
      const child = this.#site.state.metas.has(doctype) ? this.#site.state.metas.get(doctype) : null
      if (child?.field(fieldname)) return this.ofDoctype(doctype, fieldname)
    }
    throw unknownColumn(fieldname)
  }

  #own(fieldname: string): Column {
    return this.#make(0, fieldname)
  }

  #make(source: number, fieldname: string): Column {
    const meta = this.list[source]!.meta
    const field = meta.column(fieldname)
    if (!field) throw unknownColumn(fieldname)
    return { source, fieldname, field, meta }
  }

  #joinChild(doctype: string): number {
    const known = this.list.findIndex(
      (source) => source.join?.kind === 'child' && source.meta.name === doctype,
    )
    if (known >= 0) return known
    const isChild = this.main.tables.some((table) => table.options === doctype)
    if (!isChild) throw permissionError(doctype, { silent: true })
    return (
      this.list.push({ meta: this.#site.state.metas.get(doctype), join: { kind: 'child' } }) - 1
    )
  }

  #joinLink(doctype: string, fieldname: string): number {
    const known = this.list.findIndex(
      (source) => source.join?.kind === 'link' && source.join.fieldname === fieldname,
    )
    if (known >= 0) return known
    const meta = this.#site.state.metas.get(doctype)
    if (this.#checkPermission) this.#site.checkPermission(doctype, 'read')
    return this.list.push({ meta, join: { kind: 'link', fieldname } }) - 1
  }

  /** Every combination of rows, main table first; a row without partners stays. */
  *combine(rows: Iterable<Row>): Generator<Combined> {
    const joins = this.list.slice(1).map((source) => this.#partners(source))
    for (const row of rows) yield* expand([row], joins)
  }

  #partners(source: Source): (row: Row) => readonly (Row | null)[] {
    const table = this.#site.state.store.table(source.meta.name)
    const join = source.join
    if (join?.kind === 'link')
      return (row) => [table.get(String(row[join.fieldname] ?? '')) ?? null]
    const parenttype = this.main.name
    const byParent = Map.groupBy(
      [...table.rows()].filter((row) => row.parenttype === parenttype),
      (row) => row.parent,
    )
    return (row) => byParent.get(row.name ?? null) ?? [null]
  }
}

function* expand(
  rows: Row[],
  joins: ((row: Row) => readonly (Row | null)[])[],
): Generator<Combined> {
  let combined: (Row | null)[][] = [rows]
  for (const partners of joins) {
    combined = combined.flatMap((row) => partners(row[0]!).map((partner) => [...row, partner]))
  }
  yield* combined
}

function unknownColumn(fieldname: string): SiteError {
  return new SiteError('OperationalError', `(1054, "Unknown column '${fieldname}' in 'SELECT'")`, {
    silent: true,
  })
}
