/** Measured time to the first token by model, newest calls weighing most. */
export class LatencyBoard {
  readonly #averages = new Map<string, number>()

  record(key: string, milliseconds: number): void {
    const known = this.#averages.get(key)
    this.#averages.set(key, known === undefined ? milliseconds : known * 0.8 + milliseconds * 0.2)
  }

  of(key: string): number | null {
    return this.#averages.get(key) ?? null
  }
}
