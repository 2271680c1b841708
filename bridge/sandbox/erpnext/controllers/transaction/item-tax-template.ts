import type { Document, SiteContext } from '../../../site/contract.ts'
import { rowsOf, textOf } from '../../document-fields.ts'
import { groupsAbove } from './groups-above.ts'
import { dateOf } from './kinds.ts'

/**
 * The item tax template of a row: of the item's own, else of its group's or one above it, that one
 * which is valid for the company, the date and the document's tax category.
 */
export function itemTaxTemplate(document: Document, item: Document, site: SiteContext): string {
  for (const holder of [item, ...groupsOf(item, site)]) {
    const found = validRows(rowsOf(holder, 'taxes'), document, site).find(isOfCategory(document))
    if (found) return textOf(found, 'item_tax_template')
  }
  return ''
}

/** A template that the row was given gives way where the item has others that are valid. */
export function checkItemTaxTemplate(
  document: Document,
  row: Document,
  item: Document,
  site: SiteContext,
): void {
  const given = textOf(row, 'item_tax_template')
  if (!given || (document.is_return === 1 && document.return_against)) return
  const all = [item, ...groupsOf(item, site)].flatMap((holder) => rowsOf(holder, 'taxes'))
  const valid = validRows(all, document, site)
    .filter(isOfCategory(document))
    .map((tax) => textOf(tax, 'item_tax_template'))
  if (!valid.length || valid.includes(given)) return
  row.item_tax_template = valid[0]
  site.msgprint(`Row ${row.idx}: Item Tax template updated as per validity and rate applied`)
}

function groupsOf(item: Document, site: SiteContext): Document[] {
  const names = groupsAbove('Item Group', textOf(item, 'item_group'), site)
  return names.map((name) => site.getDoc('Item Group', name))
}

/** Rows with a date that has come take precedence, the latest first, over those without one. */
function validRows(rows: Document[], document: Document, site: SiteContext): Document[] {
  const date = textOf(document, 'bill_date') || dateOf(document)
  const usable = rows.filter((row) => {
    const template = textOf(row, 'item_tax_template')
    if (!site.exists('Item Tax Template', template)) return false
    const { disabled, company } = site.getDoc('Item Tax Template', template)
    return disabled !== 1 && company === document.company
  })
  const dated = usable
    .filter((row) => row.valid_from && textOf(row, 'valid_from') <= date)
    .sort((a, b) => textOf(b, 'valid_from').localeCompare(textOf(a, 'valid_from'), 'en'))
  return dated.length ? dated : usable.filter((row) => !row.valid_from)
}

function isOfCategory(document: Document): (row: Document) => boolean {
  return (row) => textOf(row, 'tax_category') === textOf(document, 'tax_category')
}
