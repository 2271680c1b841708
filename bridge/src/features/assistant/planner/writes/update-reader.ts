import type { DoctypeDescription } from '../../../../shared/site-protocol.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import { resolveName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { contactChange } from './contact-change.ts'
import { readCreditLimit } from './credit-limit.ts'
import { fieldCalled, setField } from './field-values.ts'
import { readRowChange } from './row-change-reader.ts'
import { stateChange } from './state-change.ts'
import { readTaxChange } from './tax-reader.ts'
import { targetIn, type Target } from './targets.ts'
import { emptyPlan, nameSlot, type WritePlan } from './write-plan.ts'

const LEAD =
  "^\\W*(?:please |pls |can you |could you |would you |i want to |i'd like to |now |and |then |also |let'?s )*"
const VERB =
  '(?:change|set|update|move|postpone|extend|modify|adjust|make|put|push|shift|reschedule|correct|edit|bring forward)'

interface Shape {
  pattern: RegExp
}

/** "change the <field> of <document> to <value>" and its relatives; groups field, target, value. */
const SHAPES: Shape[] = [
  {
    pattern: re(
      `${VERB} (?:the |its |their )?(?<field>[a-z' -]+?) (?:of|on|for|in) (?<target>.+?) (?:to|as|=|until|till|at|from .+? to) (?<value>.+)$`,
    ),
  },
  { pattern: re(`${VERB} (?<target>.+?)(?:'s|s') (?<field>[a-z' -]+?) (?:to|as|=) (?<value>.+)$`) },
  {
    pattern: re(
      `${VERB} (?<target>[^ ]*-[^ ]*\\d|it|this|that) (?<field>[a-z' -]+?) (?:to|as|=) (?<value>.+)$`,
    ),
  },
  { pattern: re(`(?<target>(?:rename)) (?<field>.+?) (?:to|as|into) (?<value>.+)$`) },
  {
    pattern: re(
      `${VERB} (?:the |its |their )(?<field>[a-z' -]+?) (?<target>)(?:to|as|=) (?<value>.+)$`,
    ),
  },
]

function re(source: string): RegExp {
  return new RegExp(LEAD + source, 'i')
}

/** A change of fields of one document; null when the text is none. */
export async function readUpdate(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const special = (await readCreditLimit(text, planner)) ?? (await readTaxChange(text, planner))
  if (special) return special
  const rows = await readRowChange(text, planner)
  if (rows) return rows
  const state = await stateChange(text, planner)
  if (state) return state
  for (const { pattern } of SHAPES) {
    const groups = pattern.exec(text)?.groups
    if (!groups) continue
    const plan =
      groups.target?.toLowerCase() === 'rename'
        ? await renamed(groups.field!, groups.value!, planner)
        : await changed(groups.field!, groups.target ?? '', groups.value!, planner)
    if (plan) return plan
  }
  return null
}

async function changed(
  fieldWords: string,
  targetWords: string,
  value: string,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const target = await settled(await targetIn(targetWords || 'it', planner), planner)
  if (target.kind === 'none' || target.doctype === '') return null
  const party = partyChange(fieldWords, target, value)
  if (party) return party
  const description = await planner.site.describe(target.doctype)
  const field = fieldCalled(description, fieldWords)
  if (!field) return null
  const plan = withTarget(emptyPlan('update', target.doctype), target)
  if (field.read_only && isContactField(field.fieldname)) {
    return contactChange(plan, field.fieldname, value, planner)
  }
  return setField(plan, field, value, planner) ? plan : null
}

/** "the customer of SAL-QTN-…": a quotation calls that field otherwise. */
function partyChange(words: string, target: Target, value: string): WritePlan | null {
  if (target.kind === 'none') return null
  const known = knowledgeOf(target.doctype)
  const noun = known?.items && known.party?.doctype
  const isParty = noun === 'Supplier' ? /^(?:supplier|vendor)$/i : /^(?:customer|client|buyer)$/i
  if (!noun || !isParty.test(words.trim())) return null
  const plan = withTarget(emptyPlan('update', target.doctype), target)
  const asked = value.replace(/[.!?]+$/, '')
  return { ...plan, slots: [...plan.slots, nameSlot('party', [noun], asked)] }
}

/** A bare name may be a customer, a supplier or an item: the first that certainly has it. */
async function settled(target: Target, planner: PlannerTurn): Promise<Target> {
  if (target.kind !== 'named' || target.doctype !== '') return target
  for (const doctype of target.slot.doctypes) {
    const result = await resolveName(planner.site, doctype, target.slot.asked ?? '')
    if (result.status === 'found') return { kind: 'known', doctype, names: [result.match.name] }
    if (result.status === 'unsure') {
      return { kind: 'named', doctype, slot: { ...target.slot, doctypes: [doctype] } }
    }
  }
  return { kind: 'none' }
}

async function renamed(
  targetWords: string,
  value: string,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const target = await settled(await targetIn(targetWords, planner), planner)
  if (target.kind === 'none') return null
  const description: DoctypeDescription = await planner.site.describe(target.doctype)
  const title = knowledgeOf(target.doctype)?.title ?? description.title_field
  if (!title) return null
  const plan = withTarget(emptyPlan('update', target.doctype), target)
  plan.values[title] = value.replace(/^["']|["'.!]+$/g, '')
  return plan
}

export function withTarget(plan: WritePlan, target: Target): WritePlan {
  if (target.kind === 'known') return { ...plan, name: target.names[0]! }
  return target.kind === 'named' ? { ...plan, slots: [target.slot, ...plan.slots] } : plan
}

function isContactField(fieldname: string): boolean {
  return fieldname === 'mobile_no' || fieldname === 'email_id'
}
