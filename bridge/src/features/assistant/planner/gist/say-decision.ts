import type { PlannerTurn } from '../planner-turn.ts'
import type { Gist } from './gist.ts'
import type { Plain } from './plain.ts'
import { todoMeant } from './todo-meant.ts'

const DECISIONS: [pattern: RegExp, verb: string][] = [
  [/\b(?:submit|submitted|finali[sz]ed?|post|posted|release|confirm|confirmed)\b/, 'submit'],
  [
    /\b(?:cancel|cancell?ed|void|voided|annul|annulled|withdraw|withdrawn|revoke|call(?:ed)? (?:it |that |this )?off|(?:is|are) off|fell through)\b/,
    'cancel',
  ],
  [/\b(?:delete|deleted|erase|erased|remove|removed|scrap|bin|get rid|throw)\b/, 'delete'],
]

/** "it fell through, cancel it": what is already there is submitted, cancelled or deleted. */
export async function saidAsDecision(gist: Gist, planner: PlannerTurn): Promise<Plain | null> {
  if (/\b(?:not|don't|do not|never|n't)\b(?! (?:need|needed|required|wanted))/.test(gist.text))
    return null
  const verbs = DECISIONS.filter(([pattern]) => pattern.test(gist.text)).map(([, verb]) => verb)
  const [verb] = verbs
  const isBare = gist.lines.length === 0 && gist.percent === null && gist.amounts.length === 0
  if (!verb || verbs.length > 1 || !isBare || gist.days.length > 0) return null
  const [document, ...others] = gist.documents
  if (document) {
    const isAlone = others.length === 0 && gist.names.length === 0
    return isAlone ? { text: `${verb} ${document.name}` } : null
  }
  const todo = verb === 'delete' ? await todoMeant(gist, planner) : null
  if (todo) return { text: `${verb} the to-do ${todo}` }
  const isSpokenOf =
    gist.names.length === 0 && /\b(?:it|this|that|this one|that one)\b/.test(gist.text)
  return isSpokenOf ? { text: `${verb} it` } : null
}
