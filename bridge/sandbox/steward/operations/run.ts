import type {
  LedgerEntry,
  OperationPreview,
  StockEntry,
} from '../../../src/shared/site-protocol.ts'
import type { Document, SiteContext } from '../../site/contract.ts'
import { imageOf, isTable, rowsIn, textOf, type Image } from '../values.ts'
import { companionsOf, deletedAlong, type Companions } from './companions.ts'
import { describe, titleOf, type Done, type SideEffects, type Taken } from './describe.ts'
import { hashOf, placeholders, stableEffect, stableRows, type Moment } from './fingerprint.ts'
import { glEntries, ledgerNames, stockEntries } from './ledger.ts'
import { contentsOf } from './kept-files.ts'
import type { Performer } from './perform.ts'
import type { Recorder } from './recorder.ts'
import { plain } from './refusal.ts'
import { resolve, type Operation } from './request.ts'
import { sideEffects } from './side-effects.ts'

/** What one operation did inside the transaction. */
export interface Step {
  operation: Operation
  name: string | null
  before: Image | null
  after: Image | null
  baseModified: string | null
  ledger: LedgerEntry[]
  stock: StockEntry[]
  title: string | null
  /** The card; to be asked for inside the transaction. */
  preview: () => OperationPreview
  stable: Image
  companions: Taken | null
}

/**
 * One guarded run through a list: does every operation in order, in one transaction, and says what
 * each one saved. Whoever starts a run keeps it or rolls it back.
 */
export class Run {
  readonly steps: Step[] = []
  /** The operation being performed, for a refusal to name. */
  at: string | null = null
  readonly #operations: Operation[]
  readonly #performer: Performer
  readonly #recorder: Recorder
  readonly #site: SiteContext
  readonly #describes: boolean
  readonly #names = new Map<string, string>()

  constructor(
    operations: Operation[],
    performer: Performer,
    recorder: Recorder,
    site: SiteContext,
    { describes } = { describes: true },
  ) {
    this.#operations = operations
    this.#performer = performer
    this.#recorder = recorder
    this.#site = site
    this.#describes = describes
  }

  performAll(): void {
    for (const operation of this.#operations) {
      this.at = operation.operation_id
      this.steps.push(this.#performOne(operation))
    }
    this.at = null
  }

  hash(): string {
    const apply = placeholders(this.#generatedNames())
    const operations = this.steps.map((step) => ({
      ...(apply({
        operation_id: step.operation.operation_id,
        action: step.operation.action,
        doctype: step.operation.doctype,
        target: step.operation.name ?? null,
        base_modified: step.baseModified,
        source: step.operation.source,
        effect: step.stable,
      }) as object),
      ledger: stableRows(step.ledger, apply),
      stock: stableRows(step.stock, apply),
    }))
    const { siteName, user } = this.#site
    return hashOf({ site: siteName, person: user, operations })
  }

  #performOne(operation: Operation): Step {
    const site = this.#site
    const started = site.now()
    const marks = this.#recorder.marks()
    const told = site.messages.length
    const name = operation.name ? textOf(resolve(operation.name, this.#names)) : null
    const asked = resolve(operation.values, this.#names)
    const source = resolve(operation.source, this.#names)
    const stands =
      name && site.exists(operation.doctype, name) ? site.getDoc(operation.doctype, name) : null
    const known = stands ? ledgerNames(stands, site) : new Set<string>()
    const before = stands ? imageOf(stands, site) : null
    const companions = stands && operation.action === 'delete' ? this.#taking(stands) : null
    const made = this.#performer(operation, name, asked, source, site)
    const document = made ? site.getDoc(made.doctype, made.name) : null
    if (document) this.#names.set(operation.operation_id, document.name)
    const isNew = document !== null && before !== null && document.name !== before.name
    if (companions && stands) {
      companions.documents = deletedAlong(this.#recordsSince(marks.inserted), stands, site)
    }
    const done: Done = {
      companions,
      operation,
      name: document ? document.name : name,
      before: isNew ? null : before,
      baseModified: before ? textOf(before.modified) : null,
      asked,
      document,
      ledger: document ? glEntries(document, known, site) : [],
      stock: document ? stockEntries(document, known, site) : [],
    }
    const written = sideEffects(
      this.#recorder,
      marks,
      { doctype: operation.doctype, name: done.name },
      site,
    )
    return this.#finish(done, written, told, { started, ended: site.now() })
  }

  #taking({ doctype, name }: Document): Taken {
    const companions = companionsOf(doctype, name, this.#site)
    return { ...companions, contents: contentsOf(companions.files, this.#site) }
  }

  #recordsSince(position: number): string[] {
    const written = this.#recorder.inserted.slice(position)
    return written.filter(([doctype]) => doctype === 'Deleted Document').map(([, name]) => name)
  }

  /** The card is written while the transaction shows what it tells of, at once if somebody will look. */
  #finish(done: Done, written: SideEffects, told: number, moment: Moment): Step {
    const site = this.#site
    const { asked, document, ...rest } = done
    const after = document ? imageOf(document, site) : null
    const isListed = typeof done.operation.name === 'object' && done.operation.name !== null
    const baseModified = isListed ? null : done.baseModified
    const messages = this.#messagesSince(told)
    const seen = { ...done, after, baseModified, isListed, written, messages }
    const preview = once(() => describe(seen, site))
    if (this.#describes) preview()
    const stable =
      document && after
        ? stableEffect(document.doctype, after, asked, moment, site)
        : { deleted: true, ...lossesOf(done.companions) }
    const title = titleOf(done.operation.doctype, after ?? done.before, site)
    return { ...rest, after, baseModified, title, preview, stable }
  }

  /** What ERPNext told the person meanwhile; it is on the card then, not in the reply. */
  #messagesSince(told: number): OperationPreview['messages'] {
    return this.#site.messages
      .splice(told)
      .map((entry) => ({ message: plain(entry.message), indicator: entry.indicator ?? null }))
      .filter((entry) => entry.message)
  }

  /** Names this run's documents and rows got, each with a label that says the same next time. */
  #generatedNames(): Map<string, string> {
    const names = new Map<string, string>()
    const counts = new Map<string, number>()
    const add = (doctype: string, name: string) => {
      const count = (counts.get(doctype) ?? 0) + 1
      counts.set(doctype, count)
      if (name && !names.has(name)) names.set(name, `${doctype}#${count}`)
    }
    for (const [doctype, name] of this.#recorder.inserted) add(doctype, name)
    for (const step of this.steps) this.#addRowNames(step, add)
    return names
  }

  #addRowNames(step: Step, add: (doctype: string, name: string) => void): void {
    for (const field of this.#site.meta(step.operation.doctype).fields.filter(isTable)) {
      const before = new Set(rowsIn(step.before, field.fieldname).map((row) => row.name))
      for (const row of rowsIn(step.after, field.fieldname)) {
        if (!before.has(row.name)) add(field.options ?? '', textOf(row.name))
      }
    }
  }
}

function lossesOf(companions: Companions | null): { losses?: string[] } {
  return companions?.losses.length ? { losses: companions.losses } : {}
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}
