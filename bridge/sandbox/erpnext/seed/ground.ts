import type { DocumentInput, SiteContext } from '../../site/contract.ts'

export const COMPANY = 'Harbourlight Trading'
export const ABBR = 'HT'

/** `Debtors` of the company is `Debtors - HT`. */
export const ofCompany = (name: string) => `${name} - ${ABBR}`

const AS_INSTALLER = { ignorePermissions: true, ignoreLinks: true, ignoreMandatory: true }

/** Inserts as the installer does: nobody's rights are asked, links may come later. */
export function put(site: SiteContext, doctype: string, values: Record<string, unknown>): string {
  const { name, ...rest } = values
  const input: DocumentInput = { doctype, ...rest }
  const wanted = typeof name === 'string' ? { setName: name } : {}
  if (wanted.setName && site.exists(doctype, wanted.setName)) return wanted.setName
  return site.insert(input, { ...AS_INSTALLER, ...wanted }).name
}

/** What every company needs before anything can be sold: units, places, groups, terms. */
export function seedGround(site: SiteContext): void {
  seedPlaces(site)
  seedUnits(site)
  seedGroups(site)
  seedTerms(site)
  seedCrmWords(site)
}

function seedPlaces(site: SiteContext): void {
  for (const [currency, symbol, fraction] of [
    ['USD', '$', 'Cent'],
    ['EUR', '€', 'Cent'],
    ['GBP', '£', 'Penny'],
  ] as const) {
    put(site, 'Currency', {
      name: currency,
      currency_name: currency,
      enabled: 1,
      symbol,
      fraction,
      fraction_units: 100,
      smallest_currency_fraction_value: 0.01,
      number_format: '#,###.##',
    })
  }
  for (const [country, code] of [
    ['United States', 'us'],
    ['Germany', 'de'],
    ['United Kingdom', 'gb'],
  ]) {
    put(site, 'Country', { name: country, country_name: country, code })
  }
  for (const gender of ['Female', 'Male', 'Other']) put(site, 'Gender', { name: gender, gender })
}

function seedUnits(site: SiteContext): void {
  const whole = ['Nos', 'Box', 'Pack', 'Roll', 'Set', 'Unit']
  for (const unit of [...whole, 'Hour', 'Month', 'Kg', 'Meter']) {
    const must = whole.includes(unit) ? 1 : 0
    put(site, 'UOM', { name: unit, uom_name: unit, enabled: 1, must_be_whole_number: must })
  }
}

const GROUPS: [doctype: string, field: string, root: string, children: string[]][] = [
  [
    'Customer Group',
    'customer_group_name',
    'All Customer Groups',
    ['Commercial', 'Retail', 'Education', 'Healthcare', 'Hospitality', 'Individual'],
  ],
  [
    'Supplier Group',
    'supplier_group_name',
    'All Supplier Groups',
    ['Stationery', 'Furniture', 'Electronics', 'Packaging', 'Consumables', 'Services'],
  ],
  ['Territory', 'territory_name', 'All Territories', ['North', 'South', 'East', 'West', 'Europe']],
  [
    'Item Group',
    'item_group_name',
    'All Item Groups',
    ['Stationery', 'Furniture', 'Electronics', 'Packaging', 'Cleaning', 'Services'],
  ],
]

function seedGroups(site: SiteContext): void {
  for (const [doctype, field, root, children] of GROUPS) {
    const parent = `parent_${field.replace(/_name$/, '')}`
    put(site, doctype, { name: root, [field]: root, is_group: 1 })
    for (const child of children) {
      put(site, doctype, { name: child, [field]: child, [parent]: root, is_group: 0 })
    }
  }
}

function seedTerms(site: SiteContext): void {
  const term = (name: string, days: number, portion: number) =>
    put(site, 'Payment Term', {
      name,
      payment_term_name: name,
      invoice_portion: portion,
      due_date_based_on: 'Day(s) after invoice date',
      credit_days: days,
    })
  for (const [name, days, portion] of [
    ['Net 30', 30, 100],
    ['Net 14', 14, 100],
    ['Half now', 0, 50],
    ['Half in 30 days', 30, 50],
  ] as const) {
    term(name, days, portion)
  }
  const row = (name: string, days: number, portion: number) => ({
    payment_term: name,
    invoice_portion: portion,
    due_date_based_on: 'Day(s) after invoice date',
    credit_days: days,
  })
  const template = (name: string, terms: object[]) =>
    put(site, 'Payment Terms Template', { name, template_name: name, terms })
  template('Net 30', [row('Net 30', 30, 100)])
  template('Net 14', [row('Net 14', 14, 100)])
  template('Half now, half in 30 days', [row('Half now', 0, 50), row('Half in 30 days', 30, 50)])
}

function seedCrmWords(site: SiteContext): void {
  for (const source of ['Website', 'Referral', 'Trade Fair', 'Cold Calling']) {
    put(site, 'Lead Source', { name: source, source_name: source })
  }
  for (const stage of [
    'Prospecting',
    'Qualification',
    'Proposal/Price Quote',
    'Negotiation/Review',
  ]) {
    put(site, 'Sales Stage', { name: stage, stage_name: stage })
  }
  for (const type of ['Sales', 'Support', 'Maintenance'])
    put(site, 'Opportunity Type', { name: type })
  for (const priority of ['Low', 'Medium', 'High']) put(site, 'Issue Priority', { name: priority })
  for (const type of ['Internal', 'External']) {
    put(site, 'Project Type', { name: type, project_type: type })
  }
  for (const purpose of ['Material Issue', 'Material Receipt', 'Material Transfer']) {
    put(site, 'Stock Entry Type', { name: purpose, purpose })
  }
}
