import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { freeName } from './free-name.ts'

export const contact: Controller = {
  autoname(document, site) {
    const link = rowsOf(document, 'links')[0]
    const own = [document.first_name, document.last_name].filter(Boolean).join(' ')
    const base = link ? `${own}-${textOf(link, 'link_name')}` : own
    return base ? freeName(base, 'Contact', site) : null
  },
  validate(document) {
    const names = [document.first_name, document.middle_name, document.last_name]
    document.full_name = names.filter(Boolean).join(' ') || textOf(document, 'company_name')
    setPrimary(document, 'email_ids', 'is_primary', 'email_id', 'email_id')
    setPrimary(document, 'phone_nos', 'is_primary_phone', 'phone', 'phone')
    setPrimary(document, 'phone_nos', 'is_primary_mobile_no', 'phone', 'mobile_no')
  },
}

export const address: Controller = {
  autoname(document, site) {
    const link = rowsOf(document, 'links')[0]
    document.address_title ||= link ? textOf(link, 'link_name') : null
    if (!document.address_title) refuse('Address Title is mandatory.')
    const base = `${textOf(document, 'address_title').trim()}-${textOf(document, 'address_type')}`
    return freeName(base, 'Address', site)
  },
}

/** Contacts and addresses of one party go with it; those of several only lose their link to it. */
export function deleteContactAndAddress(party: Document, site: SiteContext): void {
  const kind = party.doctype.toLowerCase()
  site.dbSet(party.doctype, party.name, {
    [`${kind}_primary_contact`]: null,
    [`${kind}_primary_address`]: null,
  })
  for (const doctype of ['Contact', 'Address']) {
    const rows = site.getAll('Dynamic Link', {
      fields: ['name', 'parent'],
      filters: { parenttype: doctype, link_doctype: party.doctype, link_name: party.name },
    })
    for (const row of rows) {
      const holder = site.getDoc(doctype, row.parent as string)
      const others = rowsOf(holder, 'links').filter((link) => link.name !== row.name)
      if (others.length) site.save({ ...holder, links: others })
      else site.delete(doctype, holder.name)
    }
  }
}

/** The header shows the row that is marked as the primary one. */
function setPrimary(
  document: Document,
  table: string,
  mark: string,
  from: string,
  to: string,
): void {
  const rows = rowsOf(document, table)
  const only = rows.length === 1 && mark === 'is_primary' ? rows[0] : undefined
  if (only) only[mark] = 1
  const primary = rows.find((row) => row[mark] === 1)
  document[to] = primary ? textOf(primary, from) : ''
}
