import { StewardError } from '../../../../shared/errors.ts'
import { fold } from '../../routing/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import { mentionedDocuments, pronounTarget } from '../mentioned-documents.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { bestName } from '../names.ts'
import { nameSlot, type Slot } from './write-plan.ts'

/** The document a change is about: known by name, or still to be found by its title. */
export type Target =
  | { kind: 'known'; doctype: string; names: string[] }
  | { kind: 'named'; doctype: string; slot: Slot }
  | { kind: 'none' }

/** Finds it in a phrase such as "SAL-ORD-…", "it", "the last quotation for X", "customer X". */
export async function targetIn(
  phrase: string,
  planner: PlannerTurn,
  hint: string | null = null,
): Promise<Target> {
  const named = mentionedDocuments(phrase)
  if (named[0]) {
    const { doctype } = named[0]
    const names = named.filter((other) => other.doctype === doctype).map(({ name }) => name)
    return { kind: 'known', doctype, names }
  }
  const mention = planner.vocabulary.mentions(phrase).find(({ kind }) => kind === 'doctype')
  const doctype = mention?.value ?? hint
  const rest = mention ? `${phrase.slice(0, mention.start)} ${phrase.slice(mention.end)}` : phrase
  const asked = rest
    .replace(FILLER, ' ')
    .replace(/[\s.,!?]+/g, ' ')
    .trim()
    .replace(/^["']|["']$/g, '')
  if (doctype && /\b(?:last|latest|newest|most recent)\b/i.test(phrase)) {
    return latestOf(doctype, asked.replace(LATEST, '').trim(), planner)
  }
  if (!asked || PRONOUN.test(fold(asked))) {
    checkOnlyOne(asked, planner)
    const found = pronounTarget(phrase, planner, mention ? doctype : null)
    return found ? { kind: 'known', doctype: found.doctype, names: [found.name] } : { kind: 'none' }
  }
  return doctype
    ? { kind: 'named', doctype, slot: nameSlot('name', [doctype], asked) }
    : {
        kind: 'named',
        doctype: '',
        slot: nameSlot('name', ['Customer', 'Supplier', 'Item'], asked),
      }
}

const FILLER =
  /\b(?:the|a|an|of|for|our|my|please|on|in|to|with|called|named|about|regarding|concerning|document|record|from|by)\b/gi
const LATEST = /\b(?:last|latest|newest|most recent|one)\b/gi
const PRONOUN =
  /^(?:it|this|that|this one|that one|one|the one|these|them|(?:the )?(?:first|second|third|fourth|fifth|last)(?: one)?|same|same one|number \d+|#\d+)$/

/** After a list of several "it" could be any of them, and a change never guesses. */
function checkOnlyOne(asked: string, { turn, memory, soFar }: PlannerTurn): void {
  const last = turn.history.findLast(({ role }) => role === 'assistant')
  const rows = memory?.documents ?? []
  const isNamed = (last?.documents.length ?? 0) > 0 || soFar.proposed.length > 0
  if (!/^(?:it|that|this)$/i.test(asked) || rows.length < 2 || isNamed || turn.page?.name) return
  throw new StewardError(
    'conflict',
    `There are ${rows.length} in the list above. Which one do you mean: the first, the second, or its name?`,
  )
}

/** "the last quotation for X": the newest one of that party. */
async function latestOf(doctype: string, party: string, planner: PlannerTurn): Promise<Target> {
  const known = knowledgeOf(doctype)
  const filters: [string, string, unknown][] = known?.submittable ? [['docstatus', '<', 2]] : []
  if (party && known?.party) {
    const found = await bestName(planner.site, known.party.doctype, party)
    if (!found?.certain) {
      throw new StewardError(
        'not_found',
        `I found no ${known.party.doctype.toLowerCase()} called "${party}".`,
      )
    }
    filters.push([known.party.field, '=', found.match.name])
  }
  const { table } = await planner.site.call('list_records', {
    doctype,
    fields: ['name'],
    filters,
    order_by: 'creation desc',
    limit: 1,
  })
  const name = table.rows[0]?.name
  if (name) return { kind: 'known', doctype, names: [String(name)] }
  const of = party ? ` of ${party}` : ''
  throw new StewardError('not_found', `There is no ${planner.vocabulary.label(doctype)}${of}.`)
}
