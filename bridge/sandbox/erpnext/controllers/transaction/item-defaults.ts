import type { Document, SiteContext } from '../../../site/contract.ts'
import { rowsOf, textOf } from '../../document-fields.ts'
import { kindOf } from './kinds.ts'

type Defaults = Record<
  'warehouse' | 'income_account' | 'expense_account' | 'cost_center',
  string | null
>

/**
 * Accounts, cost centre and warehouse of a row: the document's, the item's defaults for the
 * company, its group's, the company's, in ERPNext's order.
 */
export function itemDefaults(document: Document, item: Document, site: SiteContext): Defaults {
  const own = defaultsFor(item, 'item_defaults', document)
  const group = defaultsFor(groupOf(item, site), 'item_group_defaults', document)
  const company = companyOf(document, site)
  const side = kindOf(document).side
  const pick = (field: string) => textOf(own ?? {}, field) || textOf(group ?? {}, field) || null
  const ofCompany = (field: string) => textOf(company ?? {}, field) || null
  return {
    warehouse: warehouse(),
    income_account: pick('income_account') ?? ofCompany('default_income_account'),
    expense_account: pick('expense_account') ?? ofCompany('default_expense_account'),
    cost_center:
      textOf(document, 'cost_center') || pick(`${side}_cost_center`) || ofCompany('cost_center'),
  }

  function warehouse() {
    const set = textOf(document, 'set_warehouse')
    return set || pick('default_warehouse') || stockDefault(document, site)
  }
}

function defaultsFor(
  holder: Document | null,
  table: string,
  document: Document,
): Document | undefined {
  if (!holder) return undefined
  return rowsOf(holder, table).find((row) => row.company === document.company)
}

function groupOf(item: Document, site: SiteContext): Document | null {
  const group = textOf(item, 'item_group')
  return group && site.exists('Item Group', group) ? site.getDoc('Item Group', group) : null
}

function companyOf(document: Document, site: SiteContext): Document | null {
  const name = textOf(document, 'company')
  return name && site.exists('Company', name) ? site.getDoc('Company', name) : null
}

/** The site's default warehouse, when it is this company's. */
function stockDefault(document: Document, site: SiteContext): string | null {
  const name = textOf(site.getSingle('Stock Settings'), 'default_warehouse')
  if (!name || !site.exists('Warehouse', name)) return null
  return site.getValue('Warehouse', name, 'company') === document.company ? name : null
}
