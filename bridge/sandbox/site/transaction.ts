import type { DeferredEffect } from './contract.ts'
import { Guard } from './guard.ts'
import type { TransactionLog } from './transaction-log.ts'

/** One request's transaction: its undo log marks, its hand-offs, its guard. */
export class Transaction {
  readonly guard = new Guard()
  readonly #log: TransactionLog
  #deferred: DeferredEffect[] = []

  constructor(log: TransactionLog) {
    this.#log = log
  }

  defer(effect: DeferredEffect): void {
    this.guard.checkDefer(effect)
    this.#deferred.push(effect)
  }

  /** Keeps what was written and gives back the hand-offs that are now due. */
  commit(): DeferredEffect[] {
    this.#log.commit()
    const due = this.#deferred
    this.#deferred = []
    return due
  }

  rollback(): void {
    this.#log.rollbackTo(0)
    this.#deferred = []
  }

  savepoint<T>(run: () => T): T {
    const mark = this.#log.mark()
    const deferred = [...this.#deferred]
    try {
      return run()
    } catch (error) {
      this.#log.rollbackTo(mark)
      this.#deferred = deferred
      throw error
    }
  }

  /** Always undoes what `run` wrote, and hands back what it would have handed off. */
  dryRun<T>(run: () => T): { result: T; deferred: DeferredEffect[] } {
    const mark = this.#log.mark()
    const outer = this.#deferred
    this.#deferred = []
    try {
      const result = this.guard.within('apply', run)
      return { result, deferred: this.#deferred }
    } finally {
      this.#log.rollbackTo(mark)
      this.#deferred = outer
    }
  }
}
