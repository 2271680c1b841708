import type { PlannerTurn } from '../planner-turn.ts'
import { readGist, type Gist } from './gist.ts'
import { saidAsChange } from './say-change.ts'
import { saidAsCreation } from './say-creation.ts'
import { saidAsDecision } from './say-decision.ts'
import { saidAsLookup } from './say-lookup.ts'
import { saidAsRevision } from './say-revision.ts'
import { withoutNoise } from './noise.ts'
import type { Plain } from './plain.ts'

type Saying = (gist: Gist, planner: PlannerTurn) => Promise<Plain | null>

const SAYINGS: Record<string, Saying> = {
  create: saidAsCreation,
  update: saidAsChange,
  submit: saidAsDecision,
}

/** A condition, an exception, several times: more than one plain sentence can say. */
const NOT_PLAIN =
  /\b(?:if|unless|except|but not|every|whenever|half|double|either|neither|respectively|all|tax(?:es)?|vat|gst)\b/

/**
 * What a roundabout request for a change comes to, by what it names and the words around that; null
 * unless every word is accounted for. The kind of change that the router reads is tried
 * first.
 */
export async function saidPlainly(text: string, planner: PlannerTurn): Promise<Plain | null> {
  const say = SAYINGS[planner.turn.route.class]
  if (!say || NOT_PLAIN.test(text.toLowerCase())) return null
  const read = readGist(text, planner)
  const gist = read && (await withoutNoise(read, planner))
  if (!gist) return null
  // What is there is only submitted, cancelled or deleted where the whole reads so.
  for (const saying of new Set([say, saidAsChange, saidAsCreation])) {
    const plain = await saying(gist, planner)
    if (plain) return plain
  }
  const isDecided = DECIDED.test(text) && gist.documents.length === 1
  return isDecided ? saidAsDecision(gist, planner) : null
}

const DECIDED = /\b(?:submit|cancel|delete|void|annul|finali[sz]e)\b/i

/** The same for a proposal put differently. */
export async function revisionSaidPlainly(
  text: string,
  planner: PlannerTurn,
): Promise<string | null> {
  if (NOT_PLAIN.test(text.toLowerCase())) return null
  const read = readGist(text, planner)
  const gist = read && (await withoutNoise(read, planner))
  return gist && saidAsRevision(gist, planner)
}

/** The same for a question about one thing. */
export async function questionSaidPlainly(
  text: string,
  planner: PlannerTurn,
): Promise<string | null> {
  const read = readGist(text, planner)
  const gist = read && (await withoutNoise(read, planner))
  return gist && saidAsLookup(gist, planner)
}
