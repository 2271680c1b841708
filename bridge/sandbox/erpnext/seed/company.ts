import type { SiteContext } from '../../site/contract.ts'
import { CHART, type AccountNode } from './chart-of-accounts.ts'
import { COMPANY, ABBR, ofCompany, put } from './ground.ts'

/** The company, its chart of accounts, warehouses, taxes and the settings that name them. */
export function seedCompany(site: SiteContext): void {
  seedYears(site)
  put(site, 'Company', {
    name: COMPANY,
    company_name: COMPANY,
    abbr: ABBR,
    default_currency: 'USD',
    country: 'United States',
    enable_perpetual_inventory: 1,
    ...companyAccounts(),
  })
  for (const [root, node] of CHART) addAccount(site, root, node, null)
  seedCostCenters(site)
  seedWarehouses(site)
  seedModes(site)
  seedTaxes(site)
  seedPriceLists(site)
  seedSettings(site)
}

function companyAccounts(): Record<string, string> {
  const accounts = {
    default_receivable_account: 'Debtors',
    default_payable_account: 'Creditors',
    default_bank_account: 'Checking',
    default_cash_account: 'Cash',
    default_income_account: 'Sales',
    default_expense_account: 'Cost of Goods Sold',
    default_inventory_account: 'Stock In Hand',
    stock_received_but_not_billed: 'Stock Received But Not Billed',
    stock_adjustment_account: 'Stock Adjustment',
    round_off_account: 'Round Off',
    write_off_account: 'Write Off',
    exchange_gain_loss_account: 'Exchange Gain/Loss',
    cost_center: 'Main',
    round_off_cost_center: 'Main',
  }
  return Object.fromEntries(Object.entries(accounts).map(([key, name]) => [key, ofCompany(name)]))
}

function seedYears(site: SiteContext): void {
  const thisYear = Number(site.today().slice(0, 4))
  for (const year of [thisYear - 2, thisYear - 1, thisYear, thisYear + 1]) {
    put(site, 'Fiscal Year', {
      name: `${year}`,
      year: `${year}`,
      year_start_date: `${year}-01-01`,
      year_end_date: `${year}-12-31`,
    })
  }
}

function addAccount(
  site: SiteContext,
  root: string,
  [label, type, children]: AccountNode,
  parent: string | null,
): void {
  const name = put(site, 'Account', {
    account_name: label,
    company: COMPANY,
    root_type: root,
    report_type: ['Income', 'Expense'].includes(root) ? 'Profit and Loss' : 'Balance Sheet',
    account_type: type,
    account_currency: label.endsWith(' EUR') ? 'EUR' : 'USD',
    is_group: children ? 1 : 0,
    parent_account: parent,
  })
  for (const child of children ?? []) addAccount(site, root, child, name)
}

function seedCostCenters(site: SiteContext): void {
  const root = put(site, 'Cost Center', {
    cost_center_name: COMPANY,
    company: COMPANY,
    is_group: 1,
  })
  for (const name of ['Main', 'Showroom']) {
    const values = { cost_center_name: name, company: COMPANY, parent_cost_center: root }
    put(site, 'Cost Center', values)
  }
}

function seedWarehouses(site: SiteContext): void {
  const all = { warehouse_name: 'All Warehouses', company: COMPANY, is_group: 1 }
  const root = put(site, 'Warehouse', all)
  for (const name of ['Stores', 'Showroom', 'Returns']) {
    put(site, 'Warehouse', { warehouse_name: name, company: COMPANY, parent_warehouse: root })
  }
}

function seedModes(site: SiteContext): void {
  for (const [mode, type, account] of [
    ['Cash', 'Cash', 'Cash'],
    ['Wire Transfer', 'Bank', 'Checking'],
    ['Credit Card', 'Bank', 'Checking'],
    ['Cheque', 'Bank', 'Checking'],
  ] as const) {
    put(site, 'Mode of Payment', {
      name: mode,
      mode_of_payment: mode,
      enabled: 1,
      type,
      accounts: [{ company: COMPANY, default_account: ofCompany(account) }],
    })
  }
}

function seedTaxes(site: SiteContext): void {
  const tax = (account: string, rate: number, more: Record<string, unknown> = {}) => ({
    charge_type: 'On Net Total',
    account_head: ofCompany(account),
    description: account,
    rate,
    cost_center: ofCompany('Main'),
    ...more,
  })
  const template = (side: string, title: string, taxes: object[], isDefault = 0) =>
    put(site, `${side} Taxes and Charges Template`, {
      title,
      company: COMPANY,
      is_default: isDefault,
      taxes,
    })
  const freight = { charge_type: 'Actual', tax_amount: 25, rate: 0 }
  template('Sales', 'Sales Tax 8%', [tax('Sales Tax', 8)], 1)
  template('Sales', 'Sales Tax 8% with freight', [
    tax('Sales Tax', 8),
    tax('Freight Charged', 0, freight),
  ])
  template('Sales', 'Tax included 8%', [tax('Sales Tax', 8, { included_in_print_rate: 1 })])
  const input = { category: 'Total', add_deduct_tax: 'Add' }
  template('Purchase', 'Input Tax 8%', [tax('Input Tax', 8, input)], 1)
  put(site, 'Item Tax Template', {
    title: 'Tax free',
    company: COMPANY,
    taxes: [{ tax_type: ofCompany('Sales Tax'), tax_rate: 0 }],
  })
}

function seedPriceLists(site: SiteContext): void {
  const list = (name: string, currency: string, selling: number, buying: number) =>
    put(site, 'Price List', {
      name,
      price_list_name: name,
      enabled: 1,
      currency,
      selling,
      buying,
    })
  list('Standard Selling', 'USD', 1, 0)
  list('Standard Buying', 'USD', 0, 1)
  list('Wholesale', 'USD', 1, 0)
  put(site, 'Currency Exchange', {
    date: `${Number(site.today().slice(0, 4)) - 2}-01-01`,
    from_currency: 'EUR',
    to_currency: 'USD',
    exchange_rate: 1.1,
    for_buying: 1,
    for_selling: 1,
  })
}

function seedSettings(site: SiteContext): void {
  const settings: Record<string, Record<string, unknown>> = {
    'Global Defaults': {
      default_company: COMPANY,
      country: 'United States',
      default_currency: 'USD',
    },
    'Selling Settings': {
      cust_master_name: 'Customer Name',
      customer_group: 'Commercial',
      territory: 'North',
      selling_price_list: 'Standard Selling',
    },
    'Buying Settings': {
      supp_master_name: 'Supplier Name',
      supplier_group: 'Services',
      buying_price_list: 'Standard Buying',
    },
    'Stock Settings': { default_warehouse: ofCompany('Stores'), stock_uom: 'Nos' },
    'Accounts Settings': {
      add_taxes_from_item_tax_template: 1,
      add_taxes_from_taxes_and_charges_template: 1,
    },
  }
  for (const [doctype, values] of Object.entries(settings)) {
    site.save(
      { ...site.getSingle(doctype), ...values },
      { ignorePermissions: true, ignoreLinks: true, ignoreMandatory: true },
    )
  }
  const defaults = { company: COMPANY, currency: 'USD', country: 'United States' }
  for (const [defkey, defvalue] of Object.entries(defaults)) {
    const owner = { parent: '__default', parenttype: '__default', parentfield: 'system_defaults' }
    site.dbInsert({ doctype: 'DefaultValue', ...owner, defkey, defvalue })
  }
}
