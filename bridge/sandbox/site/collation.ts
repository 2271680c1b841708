/** MariaDB's utf8mb4_unicode_ci, near enough: case and accents don't count, trailing blanks neither. */
const collator = new Intl.Collator('en', { sensitivity: 'base' })
const ASCII = /^[\x20-\x7e]*$/

const CACHE_LIMIT = 20_000
const folded = new Map<string, string>()

/** A key equal for all spellings the database holds equal. Names come again and again: remembered. */
export function fold(text: string): string {
  let key = folded.get(text)
  if (key === undefined) {
    key = computeFold(text)
    if (folded.size >= CACHE_LIMIT) folded.clear()
    folded.set(text, key)
  }
  return key
}

function computeFold(text: string): string {
  const trimmed = text.trimEnd()
  if (ASCII.test(trimmed)) return trimmed.toLowerCase()
  return trimmed.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

export function compareText(left: string, right: string): number {
  return collator.compare(left, right)
}
