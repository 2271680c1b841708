import { compareText } from '../collation.ts'
import type { Scalar } from '../table.ts'
import { parseExpression, splitArguments } from './expressions.ts'
import type { Expression } from './expressions.ts'
import type { Selected } from './selection.ts'
import type { Combined, Sources } from './sources.ts'

export type Group = readonly Combined[]

interface SortKey {
  expression: Expression
  descending: boolean
}

/** Reads `modified desc, name asc`; names may be aliases of selected fields. */
export function parseOrder(
  text: string | null | undefined,
  sources: Sources,
  selected: Selected[],
): SortKey[] {
  if (!text) return []
  return splitArguments(text).map((part) => {
    const match = /^(.*?)(?:\s+(asc|desc))?$/is.exec(part)
    const name = (match?.[1] ?? part).trim()
    const alias = selected.find((item) => item.alias === name.replaceAll('`', ''))
    return {
      expression: alias?.expression ?? parseExpression(name, sources),
      descending: match?.[2]?.toLowerCase() === 'desc',
    }
  })
}

/** NULL sorts first, text by collation; ties keep the order of names, as a primary-key scan would. */
export function sortGroups(groups: Group[], keys: SortKey[]): Group[] {
  const decorated = groups.map((group) => ({
    group,
    name: String(group[0]?.[0]?.name ?? ''),
    values: keys.map((key) => key.expression.evaluate(group)),
  }))
  decorated.sort((left, right) => {
    for (const [index, key] of keys.entries()) {
      const order = compareValues(left.values[index] ?? null, right.values[index] ?? null)
      if (order !== 0) return key.descending ? -order : order
    }
    return compareText(left.name, right.name)
  })
  return decorated.map(({ group }) => group)
}

const STAMP = /^\d{4}-\d\d-\d\d/

function compareValues(left: Scalar, right: Scalar): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [first, second] = [String(left), String(right)]
  if (STAMP.test(first) && STAMP.test(second)) return first < second ? -1 : first > second ? 1 : 0
  return compareText(first, second)
}
