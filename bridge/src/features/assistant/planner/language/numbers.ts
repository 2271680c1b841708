const WORDS: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  hundred: 100,
  dozen: 12,
  'a dozen': 12,
  'half a dozen': 6,
  'two dozen': 24,
  'a hundred': 100,
  'one hundred': 100,
  'a thousand': 1000,
  'one thousand': 1000,
}

const SPELLED = Object.keys(WORDS)
  .sort((a, b) => b.length - a.length)
  .join('|')

/** Digits with separators, `5k`, `1.2m`, or a number word; as regular expression source. */
export const NUMBER = `(?:\\d[\\d.,']*\\d|\\d)(?:\\s?(?:k|m|thousand|million)\\b)?|\\b(?:${SPELLED})\\b`

/** Reads what `NUMBER` matched; null when it is no number. */
export function readNumber(text: string): number | null {
  const folded = text.trim().toLowerCase().replace(/\s+/g, ' ')
  if (folded in WORDS) return WORDS[folded]!
  const match = /^([\d.,']+)\s?(k|m|thousand|million)?$/.exec(folded)
  if (!match) return null
  const value = Number(plainDigits(match[1]!))
  if (!Number.isFinite(value)) return null
  return value * (SCALE[match[2] ?? ''] ?? 1)
}

const SCALE: Record<string, number> = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6 }

/** `1,200.50` and `1.200,50` both become `1200.50`; `1,200` is twelve hundred, `1,2` one point two. */
function plainDigits(digits: string): string {
  const clean = digits.replaceAll("'", '')
  const separators = clean.match(/[.,]/g) ?? []
  const last = separators.at(-1)
  if (!last) return clean
  const mixed = new Set(separators).size > 1
  const tail = clean.slice(clean.lastIndexOf(last) + 1)
  const isDecimal = mixed
    ? true
    : separators.length === 1 && (tail.length !== 3 || (last === '.' && clean.startsWith('0')))
  if (!isDecimal) return clean.replace(/[.,]/g, '')
  const whole = clean.slice(0, clean.lastIndexOf(last)).replace(/[.,]/g, '')
  return `${whole}.${tail}`
}
