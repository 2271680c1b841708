/**
 * How alike two texts are, from 0 to 1: twice the characters in matching blocks over all characters,
 * after Ratcliff and Obershelp, as Python's difflib computes it.
 */
export function likeness(one: string, other: string): number {
  const length = one.length + other.length
  return length ? (2 * matching(one, other)) / length : 1
}

function matching(one: string, other: string): number {
  const block = longestBlock(one, other)
  if (!block.size) return 0
  const { at, start, size } = block
  const before = matching(one.slice(0, at), other.slice(0, start))
  return before + size + matching(one.slice(at + size), other.slice(start + size))
}

function longestBlock(one: string, other: string): { at: number; start: number; size: number } {
  let best = { at: 0, start: 0, size: 0 }
  let lengths: number[] = []
  for (let at = 0; at < one.length; at += 1) {
    const next: number[] = []
    for (let start = 0; start < other.length; start += 1) {
      if (one[at] !== other[start]) continue
      const size = (lengths[start - 1] ?? 0) + 1
      next[start] = size
      if (size > best.size) best = { at: at - size + 1, start: start - size + 1, size }
    }
    lengths = next
  }
  return best
}
