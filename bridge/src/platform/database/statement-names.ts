/** A text used this often is worth keeping on the server. */
const FROM_USES = 3
/** A server keeps what was named for as long as the connection lives. */
const MOST_NAMES = 200
const MOST_COUNTED = 2_000

/** Names for the statements that come again and again; the rest stays without one. */
export class StatementNames {
  readonly #names = new Map<string, string>()
  readonly #uses = new Map<string, number>()

  of(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size >= MOST_NAMES) return known
    const uses = (this.#uses.get(text) ?? 0) + 1
    if (uses >= FROM_USES) return this.#name(text)
    if (this.#uses.size >= MOST_COUNTED) this.#uses.clear()
    this.#uses.set(text, uses)
    return undefined
  }

  #name(text: string): string {
    const name = `steward_${this.#names.size + 1}`
    this.#uses.delete(text)
    this.#names.set(text, name)
    return name
  }
}
