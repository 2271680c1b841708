import { fold } from '../../routing/index.ts'

/** Stands where something was understood, so that later patterns do not run across it. */
const TAKEN = '\u0001'

/**
 * One request while it is being read: readers take what they understand out of it, and what is
 * left over at the end is a name or was not understood.
 */
export class Sentence {
  readonly original: string
  private open: string

  constructor(text: string) {
    this.original = text.replace(/\s/g, ' ')
    this.open = fold(this.original)
  }

  /** Folded text with what was taken blanked out. */
  get text(): string {
    return this.open
  }

  has(pattern: RegExp): boolean {
    return pattern.test(this.open)
  }

  /** Matches in what is left and takes the match out; groups are in the folded spelling. */
  take(pattern: RegExp): RegExpExecArray | null {
    const match = pattern.exec(this.open)
    if (match) this.takeSpan(match.index, match.index + match[0].length)
    return match
  }

  takeSpan(start: number, end: number): void {
    this.open = this.open.slice(0, start) + TAKEN.repeat(end - start) + this.open.slice(end)
  }

  /** The person's own spelling of a span. */
  spelled(start: number, end: number): string {
    return this.original.slice(start, end).trim()
  }

  /** Runs of text nobody took, in the person's own spelling. */
  rest(): { text: string; start: number; end: number }[] {
    const pattern = new RegExp(`[^${TAKEN}]+`, 'g')
    return [...this.open.matchAll(pattern)]
      .map(({ 0: run, index }) => ({
        text: this.spelled(index, index + run.length),
        start: index,
        end: index + run.length,
      }))
      .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
  }
}
