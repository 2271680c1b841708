export interface Random {
  /** From 0 up to 1. */
  next(): number
  pick<T>(values: T[]): T
}

/** A generator that always gives the same numbers for the same seed (mulberry32). */
export function createRandom(seed: string): Random {
  let state = [...seed].reduce(
    (hash, character) => Math.imul(hash ^ character.charCodeAt(0), 0x01000193),
    0x811c9dc5,
  )
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return { next, pick: (values) => values[Math.floor(next() * values.length)]! }
}
