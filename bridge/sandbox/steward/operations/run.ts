import type {
  LedgerEntry,
  OperationPreview,
  StockEntry,
} from '../../../src/shared/site-protocol.ts'
import type { Document, SiteContext } from '../../site/contract.ts'
import { imageOf, isTable, rowsIn, textOf, type Image } from '../values.ts'
import { companionsOf, deletedAlong, type Companions } from './companions.ts'
import { effects } from './effect.ts'
import { hashOf, placeholders, stableEffect, stableRows, type Moment } from './fingerprint.ts'
import { companyCurrency, glEntries, ledgerNames, stockEntries } from './ledger.ts'
import { contentsOf } from './kept-files.ts'
import type { Performer } from './perform.ts'
import type { Recorder } from './recorder.ts'
import { plain } from './refusal.ts'
import { resolve, type Operation } from './request.ts'
import { sideEffects } from './side-effects.ts'
import { undoStatement } from './undo-statement.ts'

/** What one operation did inside the transaction. */
export interface Step {
  operation: Operation
  name: string | null
  before: Image | null
  after: Image | null
  baseModified: string | null
  ledger: LedgerEntry[]
  stock: StockEntry[]
  preview: OperationPreview
  stable: Image
  companions: Taken | null
}

/** What a deletion took along, with the bytes of its attachments. */
interface Taken extends Companions {
  contents: Map<string, string>
}

interface Done {
  companions: Taken | null
  operation: Operation
  name: string | null
  before: Image | null
  baseModified: string | null
  asked: Image
  document: Document | null
  ledger: LedgerEntry[]
  stock: StockEntry[]
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
  readonly #names = new Map<string, string>()

  constructor(
    operations: Operation[],
    performer: Performer,
    recorder: Recorder,
    site: SiteContext,
  ) {
    this.#operations = operations
    this.#performer = performer
    this.#recorder = recorder
    this.#site = site
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
        base_modified: step.preview.base_modified,
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
    return this.#describe(done, written, told, { started, ended: site.now() })
  }

  #taking({ doctype, name }: Document): Taken {
    const companions = companionsOf(doctype, name, this.#site)
    return { ...companions, contents: contentsOf(companions.files, this.#site) }
  }

  #recordsSince(position: number): string[] {
    const written = this.#recorder.inserted.slice(position)
    return written.filter(([doctype]) => doctype === 'Deleted Document').map(([, name]) => name)
  }

  #describe(
    done: Done,
    written: OperationPreview['side_effects'],
    told: number,
    moment: Moment,
  ): Step {
    const site = this.#site
    const { operation, name, before, document, ledger, stock } = done
    const after = document ? imageOf(document, site) : null
    const isListed = typeof operation.name === 'object' && operation.name !== null
    const baseModified = isListed ? null : done.baseModified
    const change = { doctype: operation.doctype, before, after, asked: done.asked, document }
    const preview: OperationPreview = {
      operation_id: operation.operation_id,
      action: operation.action,
      doctype: operation.doctype,
      doctype_label: operation.doctype,
      name: before && !isListed ? name : null,
      title: titleOf(operation.doctype, after ?? before, site),
      docstatus_before: docstatusOf(before),
      docstatus_after: docstatusOf(after),
      is_submittable: Boolean(site.meta(operation.doctype).is_submittable),
      base_modified: baseModified,
      ...effects(change, site),
      currency: document ? textOf(document.currency) || companyCurrency(document, site) : null,
      ledger: site.hasPermission('GL Entry', 'read') ? ledger : [],
      stock: site.hasPermission('Stock Ledger Entry', 'read') ? stock : [],
      side_effects: written,
      deferred: [],
      messages: this.#messagesSince(told),
      undo: undoStatement({ ...operation, before, companions: done.companions }, site),
    }
    const stable =
      document && after
        ? stableEffect(document.doctype, after, done.asked, moment, site)
        : { deleted: true, ...lossesOf(done.companions) }
    const { companions } = done
    return {
      operation,
      name,
      before,
      after,
      baseModified,
      ledger,
      stock,
      preview,
      stable,
      companions,
    }
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

/** A document's title as lists show it. */
function titleOf(doctype: string, image: Image | null, site: SiteContext): string | null {
  const field = site.meta(doctype).title_field ?? 'name'
  return textOf(image?.[field]) || null
}

function docstatusOf(image: Image | null): 0 | 1 | 2 | null {
  return image ? (Number(image.docstatus) as 0 | 1 | 2) : null
}
