const MOST = 1_000

/** `compute`, once for each text as long as there are not too many; an error is not kept. */
export function remembered<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const kept = known.get(text)
    if (kept !== undefined) return kept
    const made = compute(text)
    if (known.size >= MOST) known.clear()
    known.set(text, made)
    return made
  }
}
