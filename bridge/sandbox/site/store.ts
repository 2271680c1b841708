import { createHash } from 'node:crypto'
import { Table } from './table.ts'
import type { Row } from './table.ts'
import { TransactionLog } from './transaction-log.ts'

/** What a snapshot keeps: rows by doctype, series counters, secrets (Password fields, logins). */
export interface StoreSnapshot {
  tables: Record<string, Row[]>
  series: Record<string, number>
  secrets: Record<string, string>
}

/** All tables of the site with one undo log over them. */
export class Store {
  readonly log = new TransactionLog()
  readonly #tables = new Map<string, Table>()
  readonly #series = new Map<string, number>()
  readonly #secrets = new Map<string, string>()

  table(doctype: string): Table {
    let table = this.#tables.get(doctype)
    if (!table) {
      table = new Table(this.log)
      this.#tables.set(doctype, table)
    }
    return table
  }

  /** Doctypes that have a table, empty ones included. */
  doctypes(): string[] {
    return [...this.#tables.keys()]
  }

  series(key: string): number {
    return this.#series.get(key) ?? 0
  }

  setSeries(key: string, value: number): void {
    this.#setLogged(this.#series, key, value)
  }

  secret(key: string): string | null {
    return this.#secrets.get(key) ?? null
  }

  setSecret(key: string, value: string | null): void {
    this.#setLogged(this.#secrets, key, value ?? undefined)
  }

  secretKeys(prefix: string): string[] {
    return [...this.#secrets.keys()].filter((key) => key.startsWith(prefix))
  }

  /** Hash of each table, of the series and of the secrets: equal exactly when nothing differs. */
  checksums(): Record<string, string> {
    const sums: Record<string, string> = {}
    for (const [doctype, table] of this.#tables) {
      if (table.size && doctype !== 'DocType')
        sums[doctype] = digest([...table.rows()].sort(byName))
    }
    sums['*series'] = digest([...this.#series].sort())
    sums['*secrets'] = digest([...this.#secrets].sort())
    return sums
  }

  snapshot(): StoreSnapshot {
    // Doctypes come from code at every start.
    const kept = [...this.#tables].filter(([doctype]) => doctype !== 'DocType')
    const tables = kept.map(([doctype, table]) => [doctype, [...table.rows()]])
    return {
      tables: Object.fromEntries(tables) as Record<string, Row[]>,
      series: Object.fromEntries(this.#series),
      secrets: Object.fromEntries(this.#secrets),
    }
  }

  load(snapshot: StoreSnapshot): void {
    for (const [doctype, rows] of Object.entries(snapshot.tables)) {
      for (const row of rows) this.table(doctype).put(row)
    }
    for (const [key, value] of Object.entries(snapshot.series)) this.#series.set(key, value)
    for (const [key, value] of Object.entries(snapshot.secrets)) this.#secrets.set(key, value)
    this.log.commit()
  }

  #setLogged<T>(map: Map<string, T>, key: string, value: T | undefined): void {
    const before = map.get(key)
    assign(map, key, value)
    this.log.record(() => assign(map, key, before))
  }
}

function assign<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}

function byName(left: Row, right: Row): number {
  return String(left.name) < String(right.name) ? -1 : 1
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
