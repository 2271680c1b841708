import type { DeferredEffect } from './contract.ts'
import { SiteError } from './errors.ts'

type Mode = 'none' | 'apply' | 'preview'
const STRICTNESS: Record<Mode, number> = { none: 0, apply: 1, preview: 2 }

/** What may leave the running transaction: under a guard no commit, in a preview no job either. */
export class Guard {
  #mode: Mode = 'none'

  get isActive(): boolean {
    return this.#mode !== 'none'
  }

  within<T>(mode: 'apply' | 'preview', run: () => T): T {
    const outer = this.#mode
    if (STRICTNESS[mode] > STRICTNESS[outer]) this.#mode = mode
    try {
      return run()
    } finally {
      this.#mode = outer
    }
  }

  checkCommit(): void {
    if (!this.isActive) return
    throw new SiteError(
      'InnerCommitError',
      'This action commits by itself and cannot be held back',
      {
        status: 417,
      },
    )
  }

  checkOutbound(host: string): void {
    if (!this.isActive) return
    throw new SiteError(
      'OutboundCallError',
      `This action asks another server (${host}) while saving, so it cannot be taken back.`,
      { status: 417 },
    )
  }

  checkDefer(effect: DeferredEffect): void {
    if (this.#mode !== 'preview' || effect.kind !== 'job') return
    throw new SiteError(
      'BackgroundJobError',
      `This action hands work to a background job: ${effect.description}`,
      { status: 417 },
    )
  }
}
