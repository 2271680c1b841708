import { bestName, type ResolvedName } from '../names.ts'
import { pronounTarget } from '../mentioned-documents.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { textAnswer, type Answer } from './answer.ts'

const STOCK = [
  /\b(?:stock|inventory|stock level|stock levels|quantity on hand|on hand quantity|availability)(?: level| balance| position)?s? (?:of|for) (?:item )?(?<name>.+?)\W*$/i,
  /\bhow (?:many|much) (?:of )?(?:the )?(?<name>.+?) (?:do (?:we|i) (?:still )?have|have (?:we|i)(?: got)?|are (?:there )?(?:left|available|in (?:stock|the warehouse))|is (?:left|available|in stock)|in stock|on hand)\b/i,
  /\b(?:do we (?:still )?have|have we(?: got)?|is there|are there)(?: any| enough)? (?<name>.+?) (?:left|in stock|available|on hand)\b/i,
  /\b(?:is|are) (?<name>.+?) (?:in stock|available|sold out)\W*$/i,
  /\b(?<name>[\w' -]+?) (?:in stock|stock level|stock|inventory)\W*$/i,
]
const PRICE = [
  /\b(?:price|selling price|buying price|cost price|rate|list price|cost)(?: list)? (?:of|for) (?:an? |the |item )*(?<name>.+?)\W*$/i,
  /\b(?:how much|what) (?:is|are|does|do|would|for) (?:an? |the |one |item )*(?<name>.+?)(?: cost| costs| sell for| go for)\W*$/i,
  /\bwhat do we charge for (?:an? |the )*(?<name>.+?)\W*$/i,
  /\bhow much (?:is|are) (?:an? |the |one )+(?<name>.+?)\W*$/i,
  /\b(?<name>[\w' -]+?)(?:'s)? price\W*$/i,
]

/** "stock of Z": what is on hand in each warehouse. */
export async function stockAnswer(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const item = await itemCalled(STOCK, text, planner)
  if (!item) return null
  const { table } = await planner.site.call('list_records', {
    doctype: 'Bin',
    fields: ['warehouse', 'actual_qty', 'reserved_qty', 'projected_qty', 'stock_uom'],
    filters: [['item_code', '=', item.name]],
    order_by: 'actual_qty desc',
    limit: 100,
    title: `Stock of ${item.title}`,
  })
  const memory = { documents: [item] }
  if (table.rows.length === 0)
    return textAnswer(`There is no stock record of ${item.title}.`, memory)
  const sum = (field: string) => table.rows.reduce((all, row) => all + Number(row[field] ?? 0), 0)
  const unit = table.rows[0]?.stock_uom ? ` ${String(table.rows[0].stock_uom)}` : ''
  const reserved = sum('reserved_qty')
  const held = reserved > 0 ? `, ${planner.wording.number(reserved)} of them reserved` : ''
  const text_ = `${planner.wording.number(sum('actual_qty'))}${unit} of ${item.title} on hand${held}.`
  const shown = { ...table, row_link: null }
  return {
    events: [
      { type: 'text', text: text_ },
      { type: 'table', table: shown },
    ],
    memory,
  }
}

/** "price of item Y": its rates by price list. */
export async function priceAnswer(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const item = await itemCalled(PRICE, text, planner)
  if (!item) return null
  const { table } = await planner.site.call('list_records', {
    doctype: 'Item Price',
    fields: ['price_list', 'price_list_rate', 'currency', 'uom', 'valid_from', 'selling'],
    filters: [['item_code', '=', item.name]],
    order_by: 'valid_from desc',
    limit: 50,
    title: `Prices of ${item.title}`,
  })
  const memory = { documents: [item] }
  if (table.rows.length === 0)
    return textAnswer(`${item.title} has no price in any price list.`, memory)
  const isBuying = /\b(?:buying|purchase|cost price|supplier)\b/i.test(text)
  const wanted = table.rows.filter((row) => Boolean(Number(row.selling ?? 0)) !== isBuying)
  const lines = (wanted.length > 0 ? wanted : table.rows).slice(0, 4).map((row) => {
    const rate = planner.wording.money(Number(row.price_list_rate), String(row.currency ?? ''))
    return `${rate} (${String(row.price_list)})`
  })
  const answer: Answer['events'] = [
    { type: 'text', text: `${item.title} costs ${lines.join(', ')}.` },
  ]
  if (table.rows.length > 1) answer.push({ type: 'table', table })
  return { events: answer, memory }
}

async function itemCalled(
  patterns: RegExp[],
  text: string,
  planner: PlannerTurn,
): Promise<ResolvedName | null> {
  for (const pattern of patterns) {
    const match = pattern.exec(text)
    const name = match?.groups?.name
      ?.trim()
      .replace(/^(?:the|our|what is|what's|show|show me|a|an|any|current) /i, '')
    if (!name || /\b(?:orders?|invoices?|quotations?|customers?|suppliers?)\b/i.test(name)) continue
    if (/^(?:it|this|that|this item|that item)$/i.test(name)) {
      const open = pronounTarget('this', planner, 'Item')
      if (open) return { ...open, title: open.name }
      continue
    }
    const found = await bestName(planner.site, 'Item', name)
    if (found) return found.match
  }
  return null
}
