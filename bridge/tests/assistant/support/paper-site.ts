import { canonicalHash } from '../../../src/shared/canonical-json.ts'
import { StewardError } from '../../../src/shared/errors.ts'
import {
  STEWARD_METHODS,
  type OperationInput,
  type OperationOutcome,
  type OperationPreview,
} from '../../../src/shared/site-protocol.ts'
import type { SiteSession } from '../../../src/features/assistant/ports.ts'

type Step = 'before' | 'after'

/**
 * The operations contract of a site on paper: unique ids, one hash, all or nothing. It stands in
 * where a test has to stop a call at an exact point, which a server cannot be told to do.
 */
export class PaperSite {
  readonly documents: string[] = []
  readonly rows = new Map<string, OperationOutcome>()
  /** Every apply that reached the site, in order. */
  applies = 0
  /** Part of every hash: changing it is what a new price list would do. */
  price = 100
  /** Called around each method; throwing here is the connection failing there. */
  interfere: (method: string, step: Step) => void | Promise<void> = () => undefined

  session(): SiteSession {
    return {
      call: async <T>(method: string, args: Record<string, unknown>): Promise<T> => {
        await this.interfere(method, 'before')
        const answer = this.answer(method, args)
        await this.interfere(method, 'after')
        return answer as T
      },
      list: async () => [],
      get: async () => ({}),
      scan: () => {
        throw new StewardError('internal', 'A paper site is not scanned.')
      },
    }
  }

  hashOf(operations: OperationInput[]): string {
    return canonicalHash({ operations, price: this.price })
  }

  private answer(method: string, args: Record<string, unknown>): unknown {
    const operations = args.operations as OperationInput[]
    if (method === STEWARD_METHODS.preview) return this.preview(operations)
    if (method === STEWARD_METHODS.apply) return this.apply(operations, String(args.hash))
    if (method === STEWARD_METHODS.reject)
      return { outcomes: operations.map((o) => this.reject(o)) }
    if (method === STEWARD_METHODS.get) {
      return { outcomes: (args.operation_ids as string[]).map((id) => this.row(id)) }
    }
    return {}
  }

  private preview(operations: OperationInput[]) {
    return {
      status: 'previewed',
      hash: this.hashOf(operations),
      operations: operations.map((operation) => this.effect(operation)),
    }
  }

  private apply(operations: OperationInput[], hash: string) {
    this.applies += 1
    const known = operations.map((operation) => this.rows.get(operation.operation_id))
    if (known.every((row) => row?.state === 'applied')) {
      return { status: 'applied', repeated: true, outcomes: known }
    }
    if (known.some((row) => row?.state === 'rejected')) {
      return { status: 'rejected', outcomes: operations.map((o) => this.row(o.operation_id)) }
    }
    if (hash !== this.hashOf(operations)) {
      return { status: 'changed', preview: this.preview(operations) }
    }
    const outcomes = operations.map((operation) => this.store(operation, 'applied', hash))
    for (const outcome of outcomes) this.documents.push(outcome.operation_id)
    return { status: 'applied', repeated: false, outcomes }
  }

  private reject(operation: OperationInput): OperationOutcome {
    return this.rows.get(operation.operation_id) ?? this.store(operation, 'rejected', null)
  }

  private row(id: string): OperationOutcome {
    return (
      this.rows.get(id) ?? {
        ...outcome({ operation_id: id, action: 'create', doctype: 'ToDo' }),
        state: 'unknown',
      }
    )
  }

  private store(
    operation: OperationInput,
    state: 'applied' | 'rejected',
    hash: string | null,
  ): OperationOutcome {
    const stored = { ...outcome(operation), state, hash, name: `DOC-${this.rows.size + 1}` }
    this.rows.set(operation.operation_id, stored)
    return stored
  }

  private effect(operation: OperationInput): OperationPreview {
    return {
      operation_id: operation.operation_id,
      action: operation.action,
      doctype: operation.doctype,
      doctype_label: operation.doctype,
      name: null,
      title: 'Paper',
      docstatus_before: null,
      docstatus_after: 0,
      base_modified: null,
      fields: [],
      tables: [],
      totals: [],
      currency: null,
      ledger: [],
      stock: [],
      side_effects: [],
      deferred: [],
      messages: [],
      undo: { class: 'exact', allowed: true, statement: 'The draft would be deleted.' },
    }
  }
}

function outcome(operation: OperationInput): OperationOutcome {
  return {
    operation_id: operation.operation_id,
    state: 'applied',
    action: operation.action,
    doctype: operation.doctype,
    name: null,
    title: null,
    docstatus: 0,
    modified: null,
    at: null,
    path: null,
    hash: null,
    person: null,
    request_id: null,
    undone_by: null,
  }
}
