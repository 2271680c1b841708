import type { PastMessage } from '../brain.ts'

/** Most facts a summary carries; the newest stay. */
const MOST_FACTS = 80

const PATTERNS = [
  // Ids of ERPNext's naming series, e.g. SAL-QTN-2026-00001.
  /\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d{2,}(?:-\d+)*\b/g,
  // Amounts with a currency or with decimals.
  /(?:\b[A-Z]{3}\s?|[€$£₹¥]\s?)\d[\d,. ]*\d\b|\b\d{1,3}(?:,\d{3})+(?:\.\d+)?\b|\b\d+\.\d{2}\b/g,
  /\b\d{4}-\d{2}-\d{2}\b/g,
  /\b\d+(?:\.\d+)?\s?%/g,
]

/** What must survive a summary: ids, amounts, dates, percentages, documents and decisions. */
export function factsOf(messages: PastMessage[]): string[] {
  const facts: string[] = []
  for (const message of messages) {
    for (const { doctype, name, title } of message.documents) {
      facts.push(title === name ? `${doctype} ${name}` : `${doctype} ${name} (${title})`)
    }
    for (const pattern of PATTERNS) facts.push(...(message.text.match(pattern) ?? []))
  }
  return newestFacts(facts.map((fact) => fact.replaceAll(/\s+/g, ' ').trim()))
}

export function newestFacts(facts: string[]): string[] {
  const unique = [...new Set(facts.toReversed())].reverse()
  return unique.slice(-MOST_FACTS)
}

/** The facts a summary does not hold word for word. */
export function missingFacts(summary: string, facts: string[]): string[] {
  const text = summary.replaceAll(/\s+/g, ' ')
  return facts.filter((fact) => !text.includes(fact))
}
