/** Undo log of the running transaction: each write leaves the step that takes it back. */
export class TransactionLog {
  #steps: (() => void)[] = []
  /** Commits that kept something. */
  commits = 0

  record(undo: () => void): void {
    this.#steps.push(undo)
  }

  /** A mark to roll back to. */
  mark(): number {
    return this.#steps.length
  }

  rollbackTo(mark: number): void {
    while (this.#steps.length > mark) this.#steps.pop()?.()
  }

  /** Forgets the steps: what was written stays. */
  commit(): void {
    if (this.#steps.length > 0) this.commits += 1
    this.#steps = []
  }
}
