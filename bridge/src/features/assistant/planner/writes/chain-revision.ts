import { resolveName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { textAnswer, type Answer } from '../reads/index.ts'
import { carryOut } from './slot-filling.ts'
import type { ChainLink, WritePlan } from './write-plan.ts'

/**
 * Proposes changes that build on each other anew, one of them put differently, on one card that takes
 * the place of the one before. What ERPNext refuses now is left out, and said.
 */
export async function carryOutChain(
  chain: ChainLink[],
  before: string,
  planner: PlannerTurn,
): Promise<Answer> {
  const open = await openName(chain, planner)
  if (open) {
    const text = `The card above stands as it is: I am not sure what "${open}" is. Say it again with the whole name.`
    return textAnswer(text, { ...planner.memory })
  }
  const answers = await proposedAnew(chain, planner)
  if (planner.soFar.proposed.length === 0) return answers[0]!
  if (!(await planner.turn.tools.replaceCard(before))) {
    return textAnswer('The card above was approved meanwhile, so it stands as it is. Ask again.')
  }
  const note = { type: 'text', text: ' It takes the place of the card before.' } as const
  const memory = Object.assign({}, ...answers.map((answer) => answer.memory)) as Answer['memory']
  return { events: [...answers.flatMap(spaced), note], memory }
}

function spaced({ events }: Answer, index: number): Answer['events'] {
  return index === 0 ? events : [{ type: 'text', text: '\n\n' }, ...events]
}

/** A question would have to hold the whole chain: a name has to be certain. */
async function openName(chain: ChainLink[], { site }: PlannerTurn): Promise<string | null> {
  for (const { asked, doctypes } of chain.flatMap(({ plan }) => plan.slots)) {
    if (asked === null || doctypes.length === 0) continue
    const found = await Promise.all(doctypes.map((doctype) => resolveName(site, doctype, asked)))
    if (!found.some(({ status }) => status === 'found')) return asked
  }
  return null
}

/** In order, each on what the one before it makes now. */
async function proposedAnew(chain: ChainLink[], planner: PlannerTurn): Promise<Answer[]> {
  const ids = new Map<string, string>()
  const answers: Answer[] = []
  for (const { id, plan } of chain) {
    const count = planner.soFar.proposed.length
    answers.push(await carryOut(referring(plan, ids), planner))
    const made = planner.soFar.proposed[count]
    if (!made) break
    ids.set(id, made.name)
  }
  return answers
}

function referring(plan: WritePlan, ids: Map<string, string>): WritePlan {
  const now = (name: string) => ids.get(name) ?? name
  const values = JSON.parse(JSON.stringify(plan.values), (_, value: unknown) =>
    typeof value === 'string' ? now(value) : value,
  ) as WritePlan['values']
  return {
    ...plan,
    values,
    name: plan.name === null ? null : now(plan.name),
    from: plan.from && { ...plan.from, name: now(plan.from.name) },
  }
}
