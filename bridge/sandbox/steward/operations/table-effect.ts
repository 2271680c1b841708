import type { RowEffect, SetBy, TableEffect } from '../../../src/shared/site-protocol.ts'
import type { FieldDefinition, SiteContext } from '../../site/contract.ts'
import {
  isLayout,
  isSecret,
  isTable,
  plainValue,
  rowsIn,
  same,
  textOf,
  type Image,
} from '../values.ts'
import type { Change } from './effect.ts'
import { readableChildFields, readableFields } from './reading.ts'

type Cell = RowEffect['cells'][string]

/** Columns worth seeing beside those of the grid. */
const MONEY_COLUMNS = new Set([
  'qty',
  'uom',
  'price_list_rate',
  'discount_percentage',
  'discount_amount',
  'rate',
  'amount',
])

/** The tables in which something changes, or that were asked for. */
export function tableEffects(change: Change, site: SiteContext): TableEffect[] {
  return readableFields(change.doctype, site)
    .filter(isTable)
    .map((field) => ({ field, effect: tableEffect(field, change, site) }))
    .filter(
      ({ field, effect }) =>
        field.fieldname in change.asked || effect.rows.some((row) => row.change !== 'unchanged'),
    )
    .map(({ effect }) => effect)
}

function tableEffect(field: FieldDefinition, change: Change, site: SiteContext): TableEffect {
  const before = rowsIn(change.before, field.fieldname)
  const after = rowsIn(change.after, field.fieldname)
  const isAsked = field.fieldname in change.asked
  const asked = isAsked ? rowsIn(change.asked, field.fieldname) : null
  const columns = columnsOf(field, change.doctype, asked ?? [], [...before, ...after], site)
  return {
    fieldname: field.fieldname,
    label: field.label || field.fieldname,
    doctype: field.options ?? '',
    columns: columns.map((column) => ({
      fieldname: column.fieldname,
      label: column.label || column.fieldname,
      fieldtype: column.fieldtype,
      options: ['Link', 'Select'].includes(column.fieldtype) ? (column.options ?? null) : null,
    })),
    rows: rowEffects(columns, before, after, asked),
  }
}

/** The grid's columns, those asked for and those of money, in the doctype's order. */
function columnsOf(
  field: FieldDefinition,
  parent: string,
  asked: Image[],
  rows: Image[],
  site: SiteContext,
): FieldDefinition[] {
  const named = new Set(asked.flatMap((row) => Object.keys(row)))
  return readableChildFields(parent, field.options ?? '', site).filter((column) => {
    if (isLayout(column) || isSecret(column) || isTable(column)) return false
    const isUsed = rows.some(
      (row) => ![null, undefined, '', 0].includes(row[column.fieldname] as null),
    )
    const isShown = (column.in_list_view && !column.hidden) || MONEY_COLUMNS.has(column.fieldname)
    return named.has(column.fieldname) || (isShown && isUsed)
  })
}

function rowEffects(
  columns: FieldDefinition[],
  before: Image[],
  after: Image[],
  asked: Image[] | null,
): RowEffect[] {
  const previous = new Map(before.map((row) => [row.name, row]))
  const kept = new Set(after.map((row) => row.name))
  const standing = after.map((row, index) =>
    rowEffect(columns, index, previous.get(row.name) ?? null, row, askedRow(asked, index, row)),
  )
  const removed = before
    .filter((row) => !kept.has(row.name))
    .map((row): RowEffect => ({
      idx: Number(row.idx),
      name: textOf(row.name),
      change: 'removed',
      cells: Object.fromEntries(
        columns.map((column) => [column.fieldname, removedCell(column, row)]),
      ),
    }))
  return [...standing, ...removed]
}

/** The row of the request that became `row`: by name, else by its place. */
function askedRow(asked: Image[] | null, index: number, row: Image): Image {
  if (!asked) return {}
  const byName = asked.find((given) => given.name && given.name === row.name)
  if (byName) return byName
  const byPlace = asked[index]
  return byPlace && !byPlace.name ? byPlace : {}
}

function rowEffect(
  columns: FieldDefinition[],
  index: number,
  was: Image | null,
  row: Image,
  asked: Image,
): RowEffect {
  const cells = Object.fromEntries(
    columns.map((column) => [column.fieldname, cellEffect(column, was, row, asked)]),
  )
  const isTouched = Object.values(cells).some((cell) => cell.set_by !== 'unchanged')
  return {
    idx: Number(row.idx) || index + 1,
    name: was ? textOf(row.name) : null,
    change: was ? (isTouched ? 'changed' : 'unchanged') : 'added',
    cells,
  }
}

function cellEffect(column: FieldDefinition, was: Image | null, row: Image, asked: Image): Cell {
  const { fieldname } = column
  return {
    after: plainValue(row[fieldname]),
    ...(was ? { before: plainValue(was[fieldname]) } : {}),
    ...(fieldname in asked ? { asked: plainValue(asked[fieldname]) } : {}),
    set_by: cellSetBy(column, was, row, asked),
  }
}

function cellSetBy(column: FieldDefinition, was: Image | null, row: Image, asked: Image): SetBy {
  const { fieldname, fieldtype } = column
  const isAsked = fieldname in asked
  if (isAsked && (!was || !same(was[fieldname], asked[fieldname], fieldtype))) {
    return same(asked[fieldname], row[fieldname], fieldtype) ? 'person' : 'site_changed'
  }
  return same(was?.[fieldname], row[fieldname], fieldtype) ? 'unchanged' : 'site'
}

function removedCell(column: FieldDefinition, row: Image): Cell {
  const value = plainValue(row[column.fieldname])
  return { before: value, after: null, set_by: value === null ? 'unchanged' : 'person' }
}
