/** Characters a token has at least, on average, in the texts Steward sends; errs to too many tokens. */
const CHARACTERS_PER_TOKEN = 3.2

/** An upper estimate of the tokens of a text; providers count their own way. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN) + 4
}

/** How many of the last `texts` fit in `budget` tokens together. */
export function fittingSuffix(texts: string[], budget: number): number {
  let used = 0
  let count = 0
  for (const text of texts.toReversed()) {
    used += tokensOf(text)
    if (used > budget) return count
    count += 1
  }
  return count
}
