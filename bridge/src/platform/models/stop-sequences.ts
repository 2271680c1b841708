import type { ModelEvent } from './model-port.ts'

/**
 * Cuts an answer at the first stop sequence, for providers that take none: what could become one
 * is held back until it is clear. At a sequence the stream is left, which stops the provider, and
 * the answer finishes with `stop` and without usage, because the provider never said it.
 */
export async function* cutAtStop(
  events: AsyncIterable<ModelEvent>,
  sequences: string[],
  model: string,
): AsyncGenerator<ModelEvent> {
  const watch = new StopWatch(sequences)
  for await (const event of events) {
    if (event.type !== 'text') {
      const held = watch.release()
      if (held !== '') yield { type: 'text', text: held }
      yield event
      continue
    }
    const { text, stopped } = watch.read(event.text)
    if (text !== '') yield { type: 'text', text }
    if (stopped) {
      yield { type: 'finish', reason: 'stop', model, provider_request_id: null }
      return
    }
  }
}

class StopWatch {
  readonly #sequences: string[]
  #held = ''

  constructor(sequences: string[]) {
    this.#sequences = sequences.filter((sequence) => sequence !== '')
  }

  read(piece: string): { text: string; stopped: boolean } {
    const text = this.#held + piece
    const found = this.#sequences.map((one) => text.indexOf(one)).filter((index) => index >= 0)
    if (found.length > 0) return { text: text.slice(0, Math.min(...found)), stopped: true }
    const keep = this.#possibleBeginning(text)
    this.#held = text.slice(text.length - keep)
    return { text: text.slice(0, text.length - keep), stopped: false }
  }

  release(): string {
    const held = this.#held
    this.#held = ''
    return held
  }

  /** Length of the longest end of the text that a sequence begins with. */
  #possibleBeginning(text: string): number {
    const longest = Math.max(0, ...this.#sequences.map((one) => one.length - 1))
    for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
      const end = text.slice(text.length - length)
      if (this.#sequences.some((one) => one.startsWith(end))) return length
    }
    return 0
  }
}
