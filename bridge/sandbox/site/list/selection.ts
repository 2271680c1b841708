import { SiteError } from '../errors.ts'
import type { InnerSite } from '../inner-site.ts'
import type { Meta } from '../metas.ts'
import { permlevels } from '../permissions/role-permissions.ts'
import { parseExpression } from './expressions.ts'
import type { Expression } from './expressions.ts'
import type { Column, Sources } from './sources.ts'

export interface Selected {
  alias: string
  expression: Expression
}

export interface Selection {
  items: Selected[]
  isDistinct: boolean
}

/** Reads the fields asked for; those this user may not read drop out without a word, as in Frappe 15. */
export function parseSelection(
  site: InnerSite,
  sources: Sources,
  fields: unknown[] | undefined,
  checkPermission: boolean,
): Selection {
  const given = fields?.length ? fields : ['name']
  const isDistinct = given.some((field) => /^distinct\s/i.test(String(field)))
  const items = given
    .filter((field) => field !== '' && field !== null)
    .flatMap((field) => parseItem(site, sources, field))
  const mayRead = checkPermission ? readableColumns(site, sources.main) : () => true
  return {
    isDistinct,
    items: items.filter((item) => item.expression.columns.every(mayRead)),
  }
}

function parseItem(site: InnerSite, sources: Sources, field: unknown): Selected[] {
  if (typeof field !== 'string') {
    throw new SiteError('AttributeError', "'dict' object has no attribute 'lower'", {
      silent: true,
    })
  }
  const text = field.trim().replace(/^distinct\s+/i, '')
  if (text === '*' || text === `\`tab${sources.main.name}\`.*`) {
    return sources.main.columns.map((column) => plainItem(sources, column.fieldname))
  }
  const named = /^(.*?)\s+as\s+['"`]?([^'"`]+)['"`]?$/is.exec(text)
  const source = (named?.[1] ?? text).trim()
  const expression = parseExpression(source, sources)
  return [{ alias: named?.[2]?.trim() ?? implicitAlias(source), expression }]
}

function plainItem(sources: Sources, fieldname: string): Selected {
  return { alias: fieldname, expression: parseExpression(fieldname, sources) }
}

/** What MariaDB names a column without `as`: the bare field, or a function's own text. */
function implicitAlias(source: string): string {
  if (source.includes('(')) return source
  return source.replaceAll('`', '').split('.').at(-1) ?? source
}

function readableColumns(site: InnerSite, main: Meta): (column: Column) => boolean {
  const levels = new Map<Meta, ReadonlySet<number>>()
  return (column) => {
    if (column.meta.isSystemField(column.fieldname)) return true
    const owner = column.meta.isTable ? main : column.meta
    let allowed = levels.get(owner)
    if (!allowed) {
      allowed = site.user === 'Administrator' ? ALL_LEVELS : permlevels(site, owner, 'read')
      levels.set(owner, allowed)
    }
    return !column.field.permlevel || allowed.has(column.field.permlevel)
  }
}

const ALL_LEVELS = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
