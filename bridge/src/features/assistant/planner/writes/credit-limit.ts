import { readNumber } from '../language/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { targetIn } from './targets.ts'
import { emptyPlan, nameSlot, type WritePlan } from './write-plan.ts'

const LEAD =
  "^\\W*(?:please |pls |can you |could you |would you |i want to |now |and |then |also |let's )*"
const AMOUNT = '[$€£]?(?<amount>\\d[\\d.,]*(?: ?[km])?)(?: ?(?:usd|eur|gbp|inr|dollars|euros))?'
const FOR = '(?: (?:for|in|at|with)(?: the)?(?: company)? (?<company>[^,]+?))?[.!]?$'

const SHAPES = [
  new RegExp(
    `${LEAD}(?:set|change|update|raise|increase|lower|reduce|adjust) (?<target>its|their|his|her) credit limit (?:to|at|=) ${AMOUNT}${FOR}`,
    'i',
  ),
  new RegExp(
    `${LEAD}(?:set|change|update|raise|increase|lower|reduce|put|adjust)(?: the| a)? credit limit (?:of|for|on) (?:customer |client )?(?<target>.+?) (?:to|at|as|=) ${AMOUNT}${FOR}`,
    'i',
  ),
  new RegExp(
    `${LEAD}(?:set|change|update|raise|increase|lower|reduce|adjust) (?:customer |client )?(?<target>.+?)(?:'s|s'|’s)? credit limit (?:to|at|=) ${AMOUNT}${FOR}`,
    'i',
  ),
  new RegExp(
    `${LEAD}(?:give|grant|allow) (?:customer |client )?(?<target>.+?) an? credit limit of ${AMOUNT}${FOR}`,
    'i',
  ),
]

/** "set the credit limit of X to 5000": a row of the customer's table, one for each company. */
export async function readCreditLimit(
  text: string,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const groups = SHAPES.map((shape) => shape.exec(text)?.groups).find((found) => found)
  const amount = groups ? readNumber(groups.amount!.replaceAll(' ', '')) : null
  if (!groups || amount === null) return null
  const isOwn = /^(?:its|their|his|her)$/i.test(groups.target!)
  const target = await targetIn(isOwn ? 'it' : groups.target!, planner, 'Customer')
  if (target.kind === 'none' || target.doctype !== 'Customer') return null
  const company = groups.company ?? planner.turn.person.default_company
  const plan: WritePlan = {
    ...emptyPlan('update', 'Customer'),
    name: target.kind === 'known' ? target.names[0]! : null,
    rows: {
      kind: 'set',
      item_code: null,
      values: { credit_limit: amount },
      table: 'credit_limits',
    },
    slots: target.kind === 'named' ? [target.slot] : [],
  }
  const slot = nameSlot('company', ['Company'], company)
  plan.slots.push({ ...slot, question: 'For which company does the credit limit hold?' })
  return plan
}
