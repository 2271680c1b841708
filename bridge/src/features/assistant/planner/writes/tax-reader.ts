import { StewardError } from '../../../../shared/errors.ts'
import { wordsOf } from '../../routing/index.ts'
import type { Sentence } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { NameResult } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { targetIn } from './targets.ts'
import { emptyPlan, nameSlot, type WritePlan } from './write-plan.ts'

const TAX = '(?:vat|gst|hst|igst|cgst|sales tax|value added tax|tax(?:es)?)'
const NO_TAX = new RegExp(
  `[,\\s]*\\b(?:and |but )?(?:without|with no|no|free of|exempt from|excluding|minus|not charging)(?: any| the)? ${TAX}\\b|[,\\s]*\\b${TAX}[- ](?:free|exempt)\\b`,
)
const TEMPLATE = new RegExp(
  `[,\\s]*\\b(?:and |with |use |using |under |apply |applying )*(?:the )?(?:taxes and charges template|tax(?:es)? template|taxes and charges)(?: called| named|:| to| is)?\\s+["']?([^,"'\\u0001]+?)["']?(?=,|$|\\u0001| and | for | to )`,
)
const WITH_TAX = new RegExp(
  `[,\\s]*\\b(?:and )?(?:with|plus|including|incl\\.?|charging|adding|add|at|use|using|apply|applying|under)(?: the)?\\s+((?:[a-z]+ ){0,2}?(?:\\d+(?:\\.\\d+)? ?% ?)?${TAX}\\b(?: ?\\d+(?:\\.\\d+)? ?%)?)(?: template)?`,
)

/** Takes "with VAT", "without tax", "tax template X" out of the sentence of a sales or purchase document. */
export function takeTax(sentence: Sentence, plan: WritePlan): boolean {
  if (sentence.take(NO_TAX)) {
    plan.values.taxes_and_charges = ''
    return true
  }
  const match = sentence.take(TEMPLATE) ?? sentence.take(WITH_TAX)
  if (!match) return false
  plan.slots.push(taxSlot(plan.doctype, match[1]!))
  return true
}

function taxSlot(doctype: string, asked: string) {
  const side = knowledgeOf(doctype)?.party?.doctype === 'Supplier' ? 'Purchase' : 'Sales'
  const template = `${side} Taxes and Charges Template`
  const slot = nameSlot('field:taxes_and_charges', [template], asked.trim())
  return { ...slot, question: 'Which tax template should it have?' }
}

const ON = new RegExp(
  `^\\W*(?:please |can you |could you |now |and |then )*(?:(?<off>remove|drop|take off|delete)(?: the| all| any)? (?<what>${TAX})(?: from| off| of| on)|(?<on>add|apply|charge|put|use|set)(?: the)?(?: tax(?:es)?(?: template)? (?:of|on|for|to))? (?<name>.*?\\b(?:${TAX}|template)\\b.*?) (?:to|on|for|in|of)) (?<target>.+?)[.!]?$`,
  'i',
)
const SET_TO = new RegExp(
  `^\\W*(?:please |can you |could you |now |and |then )*(?:set|change|update)(?: the)? (?:tax(?:es)?(?: and charges)?(?: template)?) (?:of|on|for|in) (?<target>.+?) to (?<name>.+?)[.!]?$`,
  'i',
)

/** "add VAT to SAL-QTN-…", "remove the tax from it", "set the tax template of … to …". */
export async function readTaxChange(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const groups = SET_TO.exec(text)?.groups ?? ON.exec(text)?.groups
  if (!groups?.target) return null
  const target = await targetIn(groups.target, planner)
  if (target.kind !== 'known' || !knowledgeOf(target.doctype)?.items) return null
  const plan = { ...emptyPlan('update', target.doctype), name: target.names[0]! }
  if (groups.off) return { ...plan, values: { taxes_and_charges: '' } }
  return { ...plan, slots: [taxSlot(plan.doctype, groups.name!)] }
}

const GENERIC = new Set(wordsOf('tax taxes vat gst the with template sales purchase value added'))

/** A template by some of its words; plain "VAT" is the default one, or the only one. */
export async function taxTemplateCalled(
  doctype: string,
  asked: string,
  planner: PlannerTurn,
): Promise<NameResult> {
  const { default_company } = planner.turn.person
  const { table } = await planner.site.call('list_records', {
    doctype,
    fields: ['name', 'title', 'company', 'is_default'],
    filters: [
      ['disabled', '=', 0],
      ...(default_company ? [['company', '=', default_company] as [string, string, unknown]] : []),
    ],
    order_by: 'is_default desc',
    limit: 50,
  })
  const all = table.rows.map((row) => ({
    match: { doctype, name: String(row.name), title: String(row.title ?? row.name) },
    isDefault: Number(row.is_default) === 1,
  }))
  const special = wordsOf(asked).filter((word) => !GENERIC.has(word))
  const fits = all.filter(({ match }) => {
    const own = wordsOf(`${match.name} ${match.title}`)
    return special.every((word) => own.some((other) => other.startsWith(word)))
  })
  const exact = fits.filter(({ match }) => wordsOf(match.title).join() === wordsOf(asked).join())
  const usual = special.length === 0 ? fits.filter(({ isDefault }) => isDefault) : []
  const [only] = [exact, fits, usual].find((some) => some.length === 1) ?? []
  if (only) return { status: 'found', match: only.match }
  const candidates = (fits.length > 0 ? fits : all).map(({ match }) => match)
  return candidates.length > 0 ? { status: 'unsure', candidates } : { status: 'not_found' }
}

const ROW_FIELDS = [
  ...['charge_type', 'row_id', 'account_head', 'description', 'rate', 'tax_amount'],
  ...['included_in_print_rate', 'cost_center', 'category', 'add_deduct_tax'],
]

/** ERPNext only copies a template's rows in its own form, so they come along; none without tax. */
export async function taxRows(
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<Record<string, unknown>> {
  const template = plan.values.taxes_and_charges
  if (template === undefined || !knowledgeOf(plan.doctype)?.items) return {}
  if (template === '') return { taxes: [] }
  const side = knowledgeOf(plan.doctype)?.party?.doctype === 'Supplier' ? 'Purchase' : 'Sales'
  const { values } = await planner.site.call('read_record', {
    doctype: `${side} Taxes and Charges Template`,
    name: String(template),
  })
  const rows = (values.taxes ?? []) as Record<string, unknown>[]
  if (rows.length === 0) {
    throw new StewardError('not_found', `The tax template ${String(template)} has no taxes in it.`)
  }
  const taxes = rows.map((row) =>
    Object.fromEntries(
      ROW_FIELDS.flatMap((field) => {
        const isSet = row[field] !== undefined && row[field] !== null && row[field] !== ''
        return isSet ? [[field, row[field]]] : []
      }),
    ),
  )
  return { taxes }
}
