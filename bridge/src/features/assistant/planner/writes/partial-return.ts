import { StewardError } from '../../../../shared/errors.ts'
import { wordsOf } from '../../routing/index.ts'
import { NUMBER, readNumber } from '../language/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { targetIn } from './targets.ts'
import { emptyPlan, type WritePlan } from './write-plan.ts'

const QUANTITY = `(?<qty>${NUMBER})(?: (?:pieces|units|pcs))?`
const ITEM = `(?:(?:of|from) (?:the |those |our )?)?(?:(?:${NUMBER}) )?(?<item>[^,]+?)`
const SOURCE =
  '(?:from|of|on|in|against) (?<from>(?:the |this |that )?(?:.*[a-z]+-\\d\\S*|it|this|that|(?:last |latest )?(?:sales |purchase )?(?:invoice|bill|delivery note|receipt).*?))'
const MAKE =
  '^\\W*(?:please |can you |could you |now |then |and |create |make |generate |prepare |raise |draft |write |issue )*(?:(?:an? |the )?(?:credit note|debit note|sales return|purchase return|return)(?: (?:for|of|over))?|refund|return|credit|take back|send back)'
const SHAPE = new RegExp(`${MAKE} ${QUANTITY} ${ITEM} ${SOURCE}[.!]?$`, 'i')

/** What ERPNext keeps in a return's row: the row that it takes back. */
const ROW_OF: Record<string, string> = {
  'Sales Invoice': 'sales_invoice_item',
  'Purchase Invoice': 'purchase_invoice_item',
  'Delivery Note': 'dn_detail',
  'Purchase Receipt': 'purchase_receipt_item',
}

/** What ERPNext's own return copies of the row; a warehouse is needed where the invoice moved stock. */
const KEPT = [
  ...['item_code', 'rate', 'uom', 'conversion_factor', 'warehouse', 'income_account'],
  ...['expense_account', 'cost_center', 'sales_order', 'so_detail', 'delivery_note', 'dn_detail'],
  ...['against_sales_order', 'purchase_order', 'purchase_order_item', 'po_detail', 'batch_no'],
  ...['purchase_receipt', 'pr_detail'],
]

type Row = Record<string, unknown>

/** "credit note for 2 of the 5 chairs of ACC-SINV-…": a return of some of it. */
export async function readPartialReturn(
  text: string,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const groups = SHAPE.exec(text)?.groups
  const qty = groups ? readNumber(groups.qty!) : null
  if (!groups || !qty) return null
  const target = await targetIn(groups.from!, planner)
  const link = target.kind === 'known' ? ROW_OF[target.doctype] : undefined
  if (target.kind !== 'known' || !link) return null
  const { doctype } = target
  const [name = ''] = target.names
  const { values } = await planner.site.call('read_record', { doctype, name })
  const row = rowCalled(groups.item!, (values.items ?? []) as Row[], name)
  const returned = {
    ...Object.fromEntries(KEPT.flatMap((field) => (row[field] ? [[field, row[field]]] : []))),
    qty: -qty,
    [link]: row.name,
  }
  const plan = emptyPlan('mapped', doctype)
  return { ...plan, from: { doctype, name }, values: { items: [returned] } }
}

/** The one row that is meant; several that fit are never chosen between. */
function rowCalled(asked: string, rows: Row[], name: string): Row {
  const words = wordsOf(asked).map(singular)
  const isAny = words.every((word) => ANY.has(word))
  const fits = rows.filter((row) => {
    const own = wordsOf(`${String(row.item_code)} ${String(row.item_name ?? '')}`).map(singular)
    return isAny || words.every((word) => own.some((other) => other.startsWith(word)))
  })
  if (fits.length === 1) return fits[0]!
  const items = rows.map(({ item_code }) => String(item_code)).join(', ')
  throw new StewardError(
    'not_found',
    fits.length === 0
      ? `${name} has no row with "${asked}"; it has ${items}.`
      : `Several rows of ${name} fit "${asked}"; name the item: ${items}.`,
  )
}

const ANY = new Set(['it', 'them', 'item', 'piece', 'unit', 'one', 'thing'])

function singular(word: string): string {
  return word.length > 3 ? word.replace(/s$/, '') : word
}
