/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  /** The `event:` field; empty when there was none. */
  event: string
  data: string
}

/**
 * Incremental parser of `text/event-stream` (WHATWG HTML, 9.2.6) for text that arrives in any
 * pieces. `feed` answers the events completed by this piece; comments and unknown fields are
 * dropped. What follows the last blank line is kept back and never dispatched, as the standard says.
 */
export class ServerSentEventParser {
  #rest = ''
  #event = ''
  #data: string | null = null

  feed(piece: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = []
    const text = this.#rest === '' ? piece : this.#rest + piece
    let start = 0
    for (;;) {
      const end = text.indexOf('\n', start)
      if (end === -1) break
      const last = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end
      const done = this.#line(text, start, last)
      if (done !== null) events.push(done)
      start = end + 1
    }
    this.#rest = start === 0 ? text : text.slice(start)
    return events
  }

  #line(text: string, start: number, end: number): ServerSentEvent | null {
    if (end === start) return this.#dispatch()
    if (text.startsWith('data:', start)) {
      const value = text.slice(afterSpace(text, start + 5), end)
      this.#data = this.#data === null ? value : `${this.#data}\n${value}`
    } else if (text.startsWith('event:', start)) {
      this.#event = text.slice(afterSpace(text, start + 6), end)
    }
    return null
  }

  #dispatch(): ServerSentEvent | null {
    const done = this.#data === null ? null : { event: this.#event, data: this.#data }
    this.#event = ''
    this.#data = null
    return done
  }
}

function afterSpace(text: string, index: number): number {
  return text.charCodeAt(index) === 32 ? index + 1 : index
}
