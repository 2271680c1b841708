/** Time as the rest of Steward sees it, so that tests decide it. */
export interface Clock {
  now(): Date
  /** Milliseconds that only go forward; for deadlines and durations. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
}
