import { editDistance, fold } from './spelling.ts'

/** Words that steer the planner; a slip in one of them would lose the whole request. */
const KEYWORDS = (
  'unpaid overdue outstanding cancelled submitted completed pending expired delivered invoiced ' +
  'invoice invoices quotation quotations customer customers supplier suppliers orders ' +
  'purchase delivery payment payments request requests material opportunity opportunities ' +
  'products average revenue turnover quantity discount percent between month quarter yesterday ' +
  'tomorrow latest biggest largest highest lowest customers selling create submit cancel delete ' +
  'change update rename record convert receive deliver stock price balance report'
).split(' ')
const KNOWN = new Set([
  ...KEYWORDS,
  ...'charge charged charges chance chances recover relieve expire expires predict bigger larger higher lowers balances average averages updated upgrade pending spending rename oders other under months quarters years weeks cancels prices stocks quotes quote notes records reports created submits updated deletes deletion changes updates converts received receives delivers unpack supplies supplied supply deliveries delivering payer payee paying charges balanced reported reporter prices priced pricing canceled cancelling submitting deleting renamed expiring expiry expense expenses monthly invoiced invoicing quoted ordering orderly latter letter order ordered border'.split(
    ' ',
  ),
])

/**
 * The text with mistyped steering words put right; names are left alone: capitals inside the
 * sentence, words with digits, and short words never change.
 */
export function correctSpelling(text: string): string {
  return text.replace(/(?<![\w-])[A-Za-z]{5,}(?![\w-])/g, (word, at: number) => {
    const isName = at > 0 && /^[A-Z]/.test(word)
    const lower = fold(word)
    if (isName || KNOWN.has(lower)) return word
    const slips = KEYWORDS.filter((keyword) => isSlip(lower, keyword))
    const nearest = slips.find((keyword) => editDistance(lower, keyword, 1) <= 1)
    return nearest ?? slips[0] ?? word
  })
}

/** One slip (two in long words), the first letter being right. */
function isSlip(typed: string, meant: string): boolean {
  const allowed = meant.length < 6 ? 0 : meant.length < 9 ? 1 : 2
  if (typed[0] !== meant[0] || allowed === 0) return false
  const sameButLast = meant.startsWith(typed) || typed.startsWith(meant)
  return !sameButLast && editDistance(typed, meant, allowed) <= allowed
}
