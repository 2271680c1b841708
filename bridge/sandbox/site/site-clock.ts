/**
 * Frappe's stamps: naive strings in the site's zone with microseconds. Two stamps are never equal,
 * even under a clock that stands still, as two saves on a real site are never in the same microsecond.
 */
export class SiteClock {
  readonly timeZone: string
  readonly #clock: () => Date
  readonly #formatter: Intl.DateTimeFormat
  #offset = { from: Infinity, until: -Infinity, milliseconds: 0 }
  #lastMicroseconds = 0

  constructor(clock: () => Date, timeZone: string) {
    this.#clock = clock
    this.timeZone = timeZone
    this.#formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  }

  /** `YYYY-MM-DD HH:MM:SS.ffffff`, strictly increasing. */
  now(): string {
    const microseconds = Math.max(this.#clock().getTime() * 1000, this.#lastMicroseconds + 1)
    this.#lastMicroseconds = microseconds
    const milliseconds = Math.floor(microseconds / 1000)
    const fraction = String(microseconds % 1000).padStart(3, '0')
    return this.#local(milliseconds).toISOString().slice(0, -1).replace('T', ' ') + fraction
  }

  today(): string {
    return this.#local(this.#clock().getTime()).toISOString().slice(0, 10)
  }

  unixSeconds(): number {
    return Math.floor(this.#clock().getTime() / 1000)
  }

  /** The stamp so many seconds from now. */
  stampIn(seconds: number): string {
    const local = this.#local(this.#clock().getTime() + seconds * 1000)
    return local.toISOString().slice(0, -1).replace('T', ' ') + '000'
  }

  unixSecondsOf(stamp: string): number {
    const local = Date.parse(`${stamp.slice(0, 23).replace(' ', 'T')}Z`)
    return Math.round((local - this.#offsetAt(local)) / 1000)
  }

  /** A UTC date whose fields read as the site's local time. */
  #local(milliseconds: number): Date {
    return new Date(milliseconds + this.#offsetAt(milliseconds))
  }

  /** Zone offsets change on quarter hours only, so one look-up serves fifteen minutes. */
  #offsetAt(milliseconds: number): number {
    if (milliseconds < this.#offset.from || milliseconds >= this.#offset.until) {
      const quarter = 15 * 60 * 1000
      const from = Math.floor(milliseconds / quarter) * quarter
      const parts = Object.fromEntries(
        this.#formatter.formatToParts(from).map((part) => [part.type, part.value]),
      )
      const shown = Date.parse(
        `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}Z`,
      )
      this.#offset = { from, until: from + quarter, milliseconds: shown - from }
    }
    return this.#offset.milliseconds
  }
}
