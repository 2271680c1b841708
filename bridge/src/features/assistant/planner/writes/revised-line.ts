import { NUMBER, readNumber } from '../language/index.ts'
import { resolveName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { WritePlan } from './write-plan.ts'

const LEAD = '^\\W*(?:no,? |actually,? |sorry,? |please |and |but |rather |only |just )*'
const QUANTITY = new RegExp(
  `${LEAD}(?:make (?:it|that) |take |only |just )?(?<qty>${NUMBER}) (?:of the )?(?<item>[^\\d%].*?)(?: instead)?[.!]?$`,
  'i',
)
const OF_ITEM = new RegExp(
  `${LEAD}(?:make|change|set) (?:the )?(?:quantity |qty |number )?(?:of |for )?(?:the )?(?<item>.+?) (?:to )?(?<qty>${NUMBER})(?: instead)?[.!]?$`,
  'i',
)
const REMOVED = new RegExp(
  `${LEAD}(?:remove|drop|leave out|take out|take off|delete|without)(?: the)? (?<item>.+?)(?: again)?[.!]?$`,
  'i',
)

/** Of several lines of what is proposed: "make it 9 chairs", "leave out the desks". */
export async function revisedLine(
  text: string,
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  if (plan.items.length < 2) return null
  const removed = REMOVED.exec(text)?.groups
  const changed = removed ? undefined : (QUANTITY.exec(text) ?? OF_ITEM.exec(text))?.groups
  const asked = (removed ?? changed)?.item
  const at = asked ? await lineCalled(asked, plan, planner) : null
  if (at === null) return null
  if (removed) return { ...plan, items: plan.items.filter((_, index) => index !== at) }
  const qty = readNumber(changed!.qty!)
  if (qty === null) return null
  const items = plan.items.map((line, index) => (index === at ? { ...line, qty } : line))
  return { ...plan, items }
}

/** The only line whose item may be called so; null when none or several. */
async function lineCalled(
  asked: string,
  plan: WritePlan,
  { site }: PlannerTurn,
): Promise<number | null> {
  const result = await resolveName(site, 'Item', asked)
  if (result.status === 'not_found') return null
  const matches = result.status === 'found' ? [result.match] : result.candidates
  const names = new Set(matches.map(({ name }) => name))
  const fits = plan.items.flatMap(({ item_code }, at) => (names.has(item_code ?? '') ? [at] : []))
  return fits.length === 1 ? fits[0]! : null
}
