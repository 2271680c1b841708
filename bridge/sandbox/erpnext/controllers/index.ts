import type { Controller } from '../../site/contract.ts'
import { deliveryNote } from './documents/delivery-note.ts'
import { materialRequest } from './documents/material-request.ts'
import { purchaseInvoice } from './documents/purchase-invoice.ts'
import { purchaseOrder } from './documents/purchase-order.ts'
import { purchaseReceipt } from './documents/purchase-receipt.ts'
import { quotation, supplierQuotation } from './documents/quotation.ts'
import { salesInvoice } from './documents/sales-invoice.ts'
import { salesOrder } from './documents/sales-order.ts'
import {
  account,
  costCenter,
  department,
  titledTemplate,
  warehouse,
} from './masters/company-records.ts'
import { address, contact } from './masters/contact-and-address.ts'
import { lead, opportunity } from './masters/crm.ts'
import { item } from './masters/item.ts'
import { itemPrice } from './masters/item-price.ts'
import { customer, supplier } from './masters/party.ts'
import { employee, event, issue } from './masters/people-and-support.ts'
import { pricingRule } from './masters/pricing-rule.ts'
import { project, task } from './masters/projects.ts'
import { taxRule } from './masters/tax-rule.ts'
import { paymentTermsTemplate, taxesTemplate } from './masters/templates.ts'
import { journalEntry } from './payments/journal-entry.ts'
import { paymentEntry } from './payments/payment-entry.ts'
import { paymentRequest } from './payments/payment-request.ts'
import { findItems } from './transaction/checks.ts'
import { TRANSACTION_KINDS } from './transaction/kinds.ts'
import { stockEntry } from './stock/stock-entry.ts'
import { stockReconciliation } from './stock/stock-reconciliation.ts'

const transactions: Record<string, Controller> = {
  Quotation: quotation,
  'Sales Order': salesOrder,
  'Delivery Note': deliveryNote,
  'Sales Invoice': salesInvoice,
  'Material Request': materialRequest,
  'Supplier Quotation': supplierQuotation,
  'Purchase Order': purchaseOrder,
  'Purchase Receipt': purchaseReceipt,
  'Purchase Invoice': purchaseInvoice,
  'Payment Entry': paymentEntry,
  'Payment Request': paymentRequest,
  'Journal Entry': journalEntry,
  'Stock Entry': stockEntry,
  'Stock Reconciliation': stockReconciliation,
}

const masters: Record<string, Controller> = {
  Account: account,
  'Cost Center': costCenter,
  Warehouse: warehouse,
  Department: department,
  Customer: customer,
  Supplier: supplier,
  Contact: contact,
  Address: address,
  Item: item,
  'Item Price': itemPrice,
  'Pricing Rule': pricingRule,
  'Item Tax Template': titledTemplate,
  'Sales Taxes and Charges Template': { ...titledTemplate, ...taxesTemplate },
  'Purchase Taxes and Charges Template': { ...titledTemplate, ...taxesTemplate },
  'Tax Rule': taxRule,
  'Payment Terms Template': paymentTermsTemplate,
  Lead: lead,
  Opportunity: opportunity,
  Event: event,
  Issue: issue,
  Employee: employee,
  Project: project,
  Task: task,
}

/** The items of a priced document are looked up first of all; one that is unknown is "not found". */
const priced = Object.keys(TRANSACTION_KINDS).map((doctype) => [
  doctype,
  { beforeLinks: findItems, ...transactions[doctype] },
])

export const controllers: Record<string, Controller> = {
  ...transactions,
  ...(Object.fromEntries(priced) as Record<string, Controller>),
  ...masters,
}
