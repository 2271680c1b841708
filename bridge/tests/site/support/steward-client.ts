import { randomUUID } from 'node:crypto'
import { STEWARD_METHODS } from '../../../src/shared/site-protocol.ts'
import type {
  ApplyResult,
  OperationInput,
  OperationOutcome,
  OutcomesResult,
  PreviewResult,
  RejectResult,
  UndoPreviewResult,
  UndoResult,
} from '../../../src/shared/site-protocol.ts'
import type { SiteClient } from './site-client.ts'

export type Previewed = Extract<PreviewResult, { status: 'previewed' }>

/** The Steward app as one person calls it; each instance is one request. */
export class StewardRequest {
  readonly id = randomUUID()
  readonly #client: SiteClient

  constructor(client: SiteClient) {
    this.#client = client
  }

  /** A deadlock rolled all back, so every caller of a site may and has to try again. */
  async #call<T>(method: string, args: Record<string, unknown>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#client.call<T>(method, args)
      } catch (error) {
        if (attempt === 5 || !/QueryDeadlockError|QueryTimeoutError/.test(String(error)))
          throw error
      }
    }
  }

  preview(operations: OperationInput[]): Promise<PreviewResult> {
    return this.#call(STEWARD_METHODS.preview, { request_id: this.id, operations })
  }

  /** A preview that has to succeed. */
  async previewed(operations: OperationInput[]): Promise<Previewed> {
    const result = await this.preview(operations)
    if (result.status === 'previewed') return result
    throw new Error(`refused: ${result.refusal.exc_type} ${result.refusal.message}`)
  }

  apply(operations: OperationInput[], hash: string): Promise<ApplyResult> {
    return this.#call(STEWARD_METHODS.apply, { request_id: this.id, operations, hash })
  }

  /** Previews and approves what was previewed; gives the outcomes. */
  async done(operations: OperationInput[]): Promise<OperationOutcome[]> {
    const { hash } = await this.previewed(operations)
    const result = await this.apply(operations, hash)
    if (result.status !== 'applied') throw new Error(`not applied: ${JSON.stringify(result)}`)
    return result.outcomes
  }

  async get(ids: string[]): Promise<OperationOutcome[]> {
    const result = await this.#call<OutcomesResult>(STEWARD_METHODS.get, {
      operation_ids: ids,
    })
    return result.outcomes
  }

  reject(operations: OperationInput[]): Promise<RejectResult> {
    return this.#call(STEWARD_METHODS.reject, {
      request_id: this.id,
      operations,
      reason: 'not wanted',
    })
  }

  previewUndo(undoId: string, ids: Record<string, string>): Promise<UndoPreviewResult> {
    return this.#call(STEWARD_METHODS.previewUndo, {
      request_id: this.id,
      undo_request_id: undoId,
      operation_ids: ids,
    })
  }

  undo(undoId: string, ids: Record<string, string>, hash: string): Promise<UndoResult> {
    return this.#call(STEWARD_METHODS.undo, {
      request_id: this.id,
      undo_request_id: undoId,
      operation_ids: ids,
      hash,
    })
  }
}

/** An operation with a new id. */
export function operation(values: Omit<OperationInput, 'operation_id'>): OperationInput {
  return { operation_id: randomUUID(), ...values }
}
