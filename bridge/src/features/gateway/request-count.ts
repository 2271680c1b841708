/** One call is one request of the quota, however many attempts it takes: the first to claim it counts. */
export class RequestCount {
  #open: boolean

  constructor(counts: boolean) {
    this.#open = counts
  }

  /** What the next attempt has to hold for it. */
  get held(): 0 | 1 {
    return this.#open ? 1 : 0
  }

  claim(): 0 | 1 {
    const held = this.held
    this.#open = false
    return held
  }
}
