/** A change as far as it is known; what is still open stands in `slots`. */
export interface WritePlan {
  action: 'create' | 'update' | 'submit' | 'cancel' | 'delete' | 'mapped' | 'amend'
  /** What is written; of `mapped`, what is made. */
  doctype: string
  /** The document that is changed; null for a new one. */
  name: string | null
  /** Of `mapped`: what it is made from. */
  from: { doctype: string; name: string } | null
  values: Record<string, unknown>
  items: ItemLine[]
  slots: Slot[]
  /** Further documents of the same kind for submit, cancel and delete. */
  alsoNames: string[]
  /** A change to the rows of the document's items. */
  rows: RowChange | null
  /** Card of an earlier message that this one takes the place of. */
  replaces: string | null
}

/** One change of a card whose changes build on each other; later ones name it by its operation's id. */
export interface ChainLink {
  id: string
  plan: WritePlan
}

export interface ItemLine {
  item_code: string | null
  qty: number
  uom: string | null
  rate: number | null
  discount_percentage: number | null
}

/** Something that must be known before anything is proposed. */
export interface Slot {
  /** `party`, `item:0`, `name`, `row` or `field:<fieldname>`. */
  key: string
  /** DocTypes the name may belong to; none for a plain value. */
  doctypes: string[]
  /** How the person put it; null when nothing was said. */
  asked: string | null
  /** What to ask when nothing was said. */
  question: string
  /** Of a plain value. */
  fieldtype: string | null
}

export interface RowChange {
  kind: 'set' | 'add' | 'remove'
  /** Item code, once resolved. */
  item_code: string | null
  values: Record<string, unknown>
  /** Another table than the items: a customer's credit limits, one row for each company. */
  table?: 'credit_limits'
}

export function emptyPlan(action: WritePlan['action'], doctype: string): WritePlan {
  return {
    action,
    doctype,
    name: null,
    from: null,
    values: {},
    items: [],
    slots: [],
    alsoNames: [],
    rows: null,
    replaces: null,
  }
}

export function nameSlot(key: string, doctypes: string[], asked: string | null): Slot {
  const noun = doctypes[0]?.toLowerCase() ?? 'document'
  return { key, doctypes, asked, question: `Which ${noun}?`, fieldtype: null }
}

export function valueSlot(field: string, fieldtype: string, question: string): Slot {
  return { key: `field:${field}`, doctypes: [], asked: null, question, fieldtype }
}
