import { fold } from './collation.ts'
import type { TransactionLog } from './transaction-log.ts'

export type Scalar = string | number | null
export type Row = Record<string, Scalar>

/** Rows of one doctype by name. Rows are never changed in place, so a row handed out is a snapshot. */
export class Table {
  readonly #log: TransactionLog
  readonly #rows = new Map<string, Row>()
  readonly #byParent = new Map<string, Set<string>>()
  /** Moves with every write, so that what was derived from the table can be remembered. */
  version = 0

  constructor(log: TransactionLog) {
    this.#log = log
  }

  get size(): number {
    return this.#rows.size
  }

  get(name: string): Row | undefined {
    return this.#rows.get(fold(name))
  }

  rows(): IterableIterator<Row> {
    return this.#rows.values()
  }

  /** Child rows of one table field, by idx. */
  children(parenttype: string, parent: string, parentfield: string): Row[] {
    if (this.#byParent.size === 0) return []
    const keys = this.#byParent.get(parentKey(parenttype, parent, parentfield))
    if (!keys) return []
    const rows = [...keys].map((key) => this.#rows.get(key)).filter((row) => row !== undefined)
    return rows.sort((left, right) => Number(left.idx) - Number(right.idx))
  }

  put(row: Row): void {
    const key = fold(String(row.name))
    const before = this.#rows.get(key)
    this.#replace(key, before, row)
    this.#log.record(() => this.#replace(key, row, before))
  }

  remove(name: string): void {
    const key = fold(name)
    const before = this.#rows.get(key)
    if (!before) return
    this.#replace(key, before, undefined)
    this.#log.record(() => this.#replace(key, undefined, before))
  }

  #replace(key: string, before: Row | undefined, after: Row | undefined): void {
    this.version += 1
    if (before?.parent) this.#byParent.get(keyOf(before))?.delete(key)
    if (!after) {
      this.#rows.delete(key)
      return
    }
    this.#rows.set(key, after)
    if (after.parent) this.#indexParent(keyOf(after), key)
  }

  #indexParent(parent: string, key: string): void {
    const keys = this.#byParent.get(parent)
    if (keys) keys.add(key)
    else this.#byParent.set(parent, new Set([key]))
  }
}

function keyOf(row: Row): string {
  return parentKey(String(row.parenttype), String(row.parent), String(row.parentfield))
}

function parentKey(parenttype: string, parent: string, parentfield: string): string {
  return `${parenttype}\u0000${fold(parent)}\u0000${parentfield}`
}
