/** Most characters of rows one answer carries. */
const CHARACTERS = 100_000
const CELL_CHARACTERS = 2_000

/** The leading rows that fit, with very long cells cut; at least one row. */
export function rowsWithin(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  const kept: Record<string, unknown>[] = []
  let characters = 0
  for (const row of rows) {
    const short = Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, shortCell(value)]),
    )
    characters += JSON.stringify(short).length
    if (kept.length > 0 && characters > CHARACTERS) break
    kept.push(short)
  }
  return kept
}

export function shortCell(value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= CELL_CHARACTERS) return value
  return `${value.slice(0, CELL_CHARACTERS)}…`
}
