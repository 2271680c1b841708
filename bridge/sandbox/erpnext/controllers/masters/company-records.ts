import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, textOf } from '../../document-fields.ts'

/** Accounts, cost centres, warehouses and templates carry the company's abbreviation in their name. */
function withAbbreviation(document: Document, own: string, site: SiteContext): string | null {
  const company = textOf(document, 'company')
  if (!own || !company || !site.exists('Company', company)) return null
  return `${own} - ${textOf(site.getDoc('Company', company), 'abbr')}`
}

export const account: Controller = {
  autoname(document, site) {
    const number = textOf(document, 'account_number').trim()
    const name = textOf(document, 'account_name').trim()
    return withAbbreviation(document, [number, name].filter(Boolean).join(' - '), site)
  },
  validate(document, site) {
    inheritFromParent(document, site)
    const company = textOf(document, 'company')
    fillEmpty(document, 'account_currency', site.getValue('Company', company, 'default_currency'))
  },
}

function inheritFromParent(document: Document, site: SiteContext): void {
  const parent = textOf(document, 'parent_account')
  if (!parent || !site.exists('Account', parent)) return
  const above = site.getDoc('Account', parent)
  document.root_type = above.root_type
  document.report_type = above.report_type
}

export const costCenter: Controller = {
  autoname: (document, site) =>
    withAbbreviation(document, textOf(document, 'cost_center_name'), site),
}

export const warehouse: Controller = {
  autoname: (document, site) =>
    withAbbreviation(document, textOf(document, 'warehouse_name'), site),
}

export const titledTemplate: Controller = {
  autoname: (document, site) => withAbbreviation(document, textOf(document, 'title'), site),
}

export const department: Controller = {
  autoname: (document, site) =>
    withAbbreviation(document, textOf(document, 'department_name'), site) ??
    textOf(document, 'department_name'),
}
