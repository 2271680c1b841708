import type { PlannerTurn } from '../planner-turn.ts'
import { emptyPlan, type WritePlan } from './write-plan.ts'
import { spokenOf } from '../mentioned-documents.ts'
import { readPartialReturn } from './partial-return.ts'
import { targetIn } from './targets.ts'

interface Wish {
  pattern: RegExp
  /** Group of the source's words, and of the target's; or a fixed target. */
  to: string | null
  hint: string | null
}

const LEAD =
  "^\\W*(?:please |can you |could you |now |then |and |ok(?:ay)?,? |let'?s |i want to |create |make |generate |prepare |raise |draft |write |issue )*"
const NAME = '((?:the |this |that |it\\b|.*?[a-z]+-\\d).*)'

/** A return is a document of the same kind. */
const SAME = 'same'

const WISHES: Wish[] = [
  {
    pattern: re(
      `(?:(?:an? |the )?(?:credit note|debit note|sales return|purchase return|return)\\s+(?:for|against|of|from|on|to)|refund|return|credit(?! limit))\\s+(?<from>(?:(?:sales |purchase )?(?:invoice|delivery note|receipt) )?${NAME})`,
    ),
    to: SAME,
    hint: null,
  },
  {
    pattern: re(
      '(?:turn|convert|change|make)\\s+(?<from>.+?)\\s+in ?to (?:an? |the )?(?<to>[a-z ]+)',
    ),
    to: null,
    hint: null,
  },
  {
    pattern: re(
      '(?:an? |the )?(?<to>sales invoice|invoice|delivery note|sales order|order|purchase invoice|purchase order|purchase receipt|material request|bill|quotation)\\s+(?:from|out of|for|against|based on)\\s+(?<from>(?:the |this |that |it\\b|sales |purchase |last )?.*)',
    ),
    to: null,
    hint: null,
  },
  {
    pattern: re(
      `(?:invoice|bill)\\s+(?<from>(?:sales )?(?:order |delivery note |delivery )?${NAME})`,
    ),
    to: 'Sales Invoice',
    hint: 'Sales Order',
  },
  {
    pattern: re(`(?:deliver|ship)\\s+(?<from>(?:sales )?(?:order )?${NAME})`),
    to: 'Delivery Note',
    hint: 'Sales Order',
  },
  {
    pattern: re(`(?:receive)\\s+(?<from>(?:purchase )?(?:order )?${NAME})`),
    to: 'Purchase Receipt',
    hint: 'Purchase Order',
  },
]

function re(source: string): RegExp {
  return new RegExp(`${LEAD}${source}`, 'i')
}

/** ERPNext's own "make" functions: "invoice order SAL-ORD-…", "turn the last quotation into an order". */
export async function readMapping(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const bare = (await readPartialReturn(text, planner)) ?? (await nextDocument(text, planner))
  if (bare) return bare
  for (const { pattern, to, hint } of WISHES) {
    const groups = pattern.exec(text)?.groups
    const phrase = groups?.from?.replace(/[.!?]+$/, '')
    if (!phrase || !isSource(phrase, planner)) continue
    const target = await targetIn(phrase, planner, hint)
    if (target.kind !== 'known' || target.names.length !== 1) continue
    const wanted =
      to === SAME ? target.doctype : (to ?? madeDoctype(groups!.to!, target.doctype, planner))
    const made = wanted && (await mappedDoctype(wanted, target.doctype, planner))
    if (!made) continue
    return {
      ...emptyPlan('mapped', made),
      from: { doctype: target.doctype, name: target.names[0]! },
    }
  }
  return null
}

const NEXT = re(
  '(?<article>the |its |an? )?(?<to>sales invoice|invoice|delivery note|sales order|order|purchase invoice|purchase order|purchase receipt|bill|payment entry|payment)(?: for (?:it|that|this))?[.!?]*$',
)

/** "make the invoice": of what this message or the last answer was about. */
async function nextDocument(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const groups = NEXT.exec(text)?.groups
  if (!groups) return null
  const earlier = planner.soFar.proposed.at(-1)
  const isDefinite = /the|its/i.test(groups.article ?? '')
  const source = earlier ?? (isDefinite ? spokenOf(planner).at(-1) : undefined)
  if (!source) return null
  const wanted = madeDoctype(groups.to!, source.doctype, planner)
  const made = wanted && (await mappedDoctype(wanted, source.doctype, planner))
  if (!made) return null
  return { ...emptyPlan('mapped', made), from: { doctype: source.doctype, name: source.name } }
}

/** A document, not a party: an id, a pronoun, or a doctype's name. */
function isSource(phrase: string, planner: PlannerTurn): boolean {
  if (/^\W*\d+\s/.test(phrase)) return false
  if (
    /[a-z]+-(?:[a-z]+-)*\d{2,}/i.test(phrase) ||
    /^(?:it|this|that|this one|that one)$/i.test(phrase.trim())
  )
    return true
  return (
    /\b(?:last|latest|newest|most recent|this|that)\b|^(?:the|its) (?:\w+ )?\w+\W*$/i.test(
      phrase,
    ) && planner.vocabulary.mentions(phrase).some(({ kind }) => kind === 'doctype')
  )
}

function madeDoctype(words: string, from: string, planner: PlannerTurn): string | null {
  const made =
    planner.vocabulary.mentions(words).find(({ kind }) => kind === 'doctype')?.value ?? null
  return made === from ? null : made
}

const COUNTERPARTS: Record<string, string> = {
  'Sales Invoice': 'Purchase Invoice',
  'Sales Order': 'Purchase Order',
  'Purchase Invoice': 'Sales Invoice',
  'Delivery Note': 'Purchase Receipt',
}

/** What this site can make from it: the wanted doctype, or its counterpart in buying. */
async function mappedDoctype(
  wanted: string,
  from: string,
  planner: PlannerTurn,
): Promise<string | null> {
  const { mappings } = await planner.site.describe(from)
  const possible = mappings.map(({ to_doctype }) => to_doctype)
  return (
    [wanted, COUNTERPARTS[wanted]].find((doctype) => doctype && possible.includes(doctype)) ?? null
  )
}
