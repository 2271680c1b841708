import type { Filter } from '../../../../shared/site-protocol.ts'

/** What everyone who works with ERPNext knows about one of its doctypes. */
export interface DocumentKnowledge {
  doctype: string
  /** Names in its standard series begin so. */
  series?: string
  submittable: boolean
  /** The date a period speaks of. */
  date?: string
  /** The date it is due, to be delivered, to be done. */
  due?: string
  /** Amount in the document's currency, and in the company's. */
  amount?: string
  baseAmount?: string
  /** Company currency, without taxes. */
  baseNet?: string
  outstanding?: string
  party?: PartyField
  items?: { field: string; doctype: string; dateField?: string }
  /** The text field that names it when there is no party. */
  title?: string
  person?: string
  /** Columns a list shows, best first. */
  columns: string[]
  statuses: StatusMeaning[]
}

export interface PartyField {
  doctype: 'Customer' | 'Supplier'
  field: string
  title: string
  /** Field that says of what doctype the party is (Quotation, Payment Entry). */
  typeField?: string
}

/** What a status word means as filters; `today` stands for the site's date. */
export interface StatusMeaning {
  words: string
  name: string
  filters: (today: string) => Filter[]
}

/** Filters that do not depend on the day. */
export function always(...filters: Filter[]): (today: string) => Filter[] {
  return () => filters
}

export const DRAFT: StatusMeaning = {
  words: 'drafts?|unsubmitted|not submitted|not yet submitted',
  name: 'draft',
  filters: always(['docstatus', '=', 0]),
}

export const CANCELLED: StatusMeaning = {
  words: 'cancell?ed',
  name: 'cancelled',
  filters: always(['docstatus', '=', 2]),
}

export const SUBMITTED: StatusMeaning = {
  words: 'submitted',
  name: 'submitted',
  filters: always(['docstatus', '=', 1]),
}
