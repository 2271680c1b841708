import type { Document, Value } from '../site/contract.ts'

/** A number field; empty counts as 0, as ERPNext's `flt` does. */
export function numberOf(document: Record<string, unknown>, field: string): number {
  const value = Number(document[field] ?? 0)
  return Number.isFinite(value) ? value : 0
}

/** A text field; empty is the empty string. */
export function textOf(document: Record<string, unknown>, field: string): string {
  const value = document[field]
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : `${value}`
}

export function rowsOf(document: Document, field: string): Document[] {
  const value = document[field]
  return Array.isArray(value) ? value : []
}

/** Sets `field` when it is empty in Python's sense (null, '', 0). */
export function fillEmpty(document: Document, field: string, value: Value | undefined): void {
  if (!document[field] && value !== undefined && value !== null && value !== '') {
    document[field] = value
  }
}

export function sumOf(rows: Document[], field: string): number {
  return rows.reduce((sum, row) => sum + numberOf(row, field), 0)
}
