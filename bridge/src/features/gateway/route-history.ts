const KEPT = 200
const ENOUGH = 20
const UNKNOWN_OUTPUT = 512

/**
 * What calls of one purpose really needed. A call is always held at the most it can cost; where
 * that does not fit, its output limit is lowered to what past calls show to be enough, so that a
 * team with money left is not turned away for output nobody will write.
 */
export class RouteHistory {
  readonly #outputs = new Map<string, number[]>()

  record(key: string, outputTokens: number): void {
    const outputs = this.#outputs.get(key) ?? []
    outputs.push(outputTokens)
    if (outputs.length > KEPT) outputs.shift()
    if (this.#outputs.size > 5_000) this.#outputs.clear()
    this.#outputs.set(key, outputs)
  }

  /** Output limit under which 98 of 100 past calls would have been complete. */
  enoughOutput(key: string, asked: number): number {
    const outputs = this.#outputs.get(key) ?? []
    if (outputs.length < ENOUGH) return Math.min(asked, UNKNOWN_OUTPUT)
    const sorted = outputs.toSorted((a, b) => a - b)
    const high = sorted[Math.floor(sorted.length * 0.98)] ?? asked
    return Math.min(asked, Math.ceil(high * 1.25) + 16)
  }
}
