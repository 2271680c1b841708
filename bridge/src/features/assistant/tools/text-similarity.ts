/**
 * Likeness of two texts from 0 to 1 without regard to case and punctuation: 1 when equal, high when
 * one holds the other, else the Dice coefficient of their letter trigrams.
 */
export function similarity(a: string, b: string): number {
  const left = normalised(a)
  const right = normalised(b)
  if (left === '' || right === '') return 0
  if (left === right) return 1
  const dice = diceOfTrigrams(left, right)
  const [short, long] = left.length < right.length ? [left, right] : [right, left]
  if (short.length < 3 || !` ${long} `.includes(` ${short}`)) return Math.min(dice, 0.99)
  return Math.max(dice, 0.6 + (0.35 * short.length) / long.length)
}

/** The words most like `word`, best first. */
export function closestWords(word: string, words: string[], count: number): string[] {
  return words
    .map((candidate) => ({ candidate, score: similarity(word, candidate.replaceAll('_', ' ')) }))
    .filter(({ score }) => score > 0.25)
    .sort((x, y) => y.score - x.score)
    .slice(0, count)
    .map(({ candidate }) => candidate)
}

/** Lower case, accents gone, everything else that is no letter or digit a single space. */
export function normalised(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim()
}

function diceOfTrigrams(a: string, b: string): number {
  const left = trigrams(a)
  const right = trigrams(b)
  let shared = 0
  for (const gram of left) if (right.has(gram)) shared += 1
  return (2 * shared) / (left.size + right.size)
}

function trigrams(text: string): Set<string> {
  const padded = `  ${text} `
  const grams = new Set<string>()
  for (let index = 0; index + 3 <= padded.length; index += 1)
    grams.add(padded.slice(index, index + 3))
  return grams
}
