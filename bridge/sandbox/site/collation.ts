/** MariaDB's utf8mb4_unicode_ci, near enough: case and accents don't count, trailing blanks neither. */
const collator = new Intl.Collator('en', { sensitivity: 'base' })
const ASCII = /^[\x20-\x7e]*$/

/** A key equal for all spellings the database holds equal. */
export function fold(text: string): string {
  const trimmed = text.trimEnd()
  if (ASCII.test(trimmed)) return trimmed.toLowerCase()
  return trimmed.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

export function compareText(left: string, right: string): number {
  return collator.compare(left, right)
}
