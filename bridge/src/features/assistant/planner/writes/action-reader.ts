import { StewardError } from '../../../../shared/errors.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { emptyPlan, type WritePlan } from './write-plan.ts'
import { targetIn } from './targets.ts'

const POLITE =
  "^\\W*(?:please |pls |can you |could you |would you |i want (?:you )?to |i'd like to |now |ok(?:ay)?,? |then |and |go ahead and |just |let'?s )*"
const ACTIONS: [pattern: RegExp, action: 'submit' | 'cancel' | 'delete' | 'amend'][] = [
  [
    new RegExp(
      `${POLITE}(?:amend|make an amend(?:ed|ment)(?: copy| draft)? of|reopen as (?:a )?draft)\\b(.*)$`,
      'i',
    ),
    'amend',
  ],
  [new RegExp(`${POLITE}(?:submit|finali[sz]e|post)\\b(.*)$`, 'i'), 'submit'],
  [new RegExp(`${POLITE}(?:cancel|void|annul)\\b(.*)$`, 'i'), 'cancel'],
  [
    new RegExp(
      `${POLITE}(?:delete|remove|erase|get rid of|throw away|throw out|scrap)\\b(.*)$`,
      'i',
    ),
    'delete',
  ],
]

/** "submit SAL-ORD-…", "cancel it", "delete the to-do …". */
export async function readActions(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  for (const [pattern, action] of ACTIONS) {
    const match = pattern.exec(text)
    if (!match) continue
    const phrase = match[1]!.trim()
    if (isRowRemoval(action, phrase)) return null
    const target = await targetIn(phrase, planner)
    if (target.kind === 'none') return null
    const plan = emptyPlan(action, target.doctype)
    if (target.kind === 'named') return { ...plan, slots: [target.slot] }
    const [name, ...alsoNames] = target.names
    if (action === 'amend') await checkAmendable(target.doctype, name!, planner)
    return { ...plan, name: name!, alsoNames }
  }
  return null
}

/** Only what was cancelled is amended; the rest is told what to do instead. */
async function checkAmendable(doctype: string, name: string, planner: PlannerTurn): Promise<void> {
  const { document } = await planner.site.call('read_record', { doctype, name })
  if (document.docstatus === 2) return
  const { is_submittable } = await planner.site.describe(doctype)
  const why =
    document.docstatus === 1
      ? 'it is submitted: cancel it first, then amend it'
      : `it is ${is_submittable ? 'still a draft' : 'never submitted'}: say what to change in it`
  throw new StewardError('conflict', `${name} cannot be amended, as ${why}.`)
}

/** "remove the lamps from SAL-QTN-…" changes rows, it deletes nothing. */
function isRowRemoval(action: string, phrase: string): boolean {
  return (
    action === 'delete' &&
    /\b(?:from|in|off)\b.*(?:[a-z]+-\d|\bit\b|\bthis\b|\bthat\b)/i.test(phrase)
  )
}
