import type { Document, SiteContext } from '../../../site/contract.ts'
import { appendRow } from '../../child-rows.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'
import { findPricingRules, ruleFor, type PricingRule } from './find-pricing-rules.ts'
import { pricingFacts } from './pricing-facts.ts'

/**
 * Prices the rows by ERPNext's pricing rules, over what the rows say. A row that was priced by a
 * rule keeps it when it is saved again.
 */
export function setPricingRules(
  document: Document,
  site: SiteContext,
  before: Document | null,
): void {
  document.pricing_rules = []
  for (const row of rowsOf(document, 'items')) {
    const code = textOf(row, 'item_code')
    if (!code || row.is_free_item === 1) continue
    const applied = appliedRules(row, site)
    if (document.ignore_pricing_rule === 1) {
      if (before) removeRules(row, applied)
      continue
    }
    const facts = pricingFacts(document, row, site.getDoc('Item', code), site)
    const kept = applied.map((rule) => ruleFor(rule, facts) ?? { rule, uom: '' })
    const rules = kept.length ? kept : findPricingRules(facts, site)
    if (rules.length) applyRules(document, row, rules, site)
  }
}

function appliedRules(row: Document, site: SiteContext): Document[] {
  const text = textOf(row, 'pricing_rules')
  const names = text.startsWith('[') ? (JSON.parse(text) as string[]) : text.split(',')
  return names
    .filter((name) => name && site.exists('Pricing Rule', name))
    .map((name) => site.getDoc('Pricing Rule', name))
}

function applyRules(
  document: Document,
  row: Document,
  rules: PricingRule[],
  site: SiteContext,
): void {
  row.pricing_rules = `[\n ${rules.map(({ rule }) => JSON.stringify(rule.name)).join(',\n ')}\n]`
  Object.assign(row, { discount_percentage: 0, discount_amount: 0 })
  Object.assign(row, { margin_type: null, margin_rate_or_amount: 0 })
  const listed = numberOf(row, 'price_list_rate')
  for (const { rule, uom } of rules) {
    addMargin(row, rule, document)
    addDiscount(row, rule, listed)
    if (rule.rate_or_discount === 'Rate') setListedRate(row, rule, uom, document)
  }
  setRate(row)
  for (const { rule } of rules) {
    const detail = { pricing_rule: rule.name, item_code: row.item_code, child_docname: row.name }
    appendRow(document, 'pricing_rules', { ...detail, rule_applied: 1 }, site)
  }
}

function addMargin(row: Document, rule: Document, document: Document): void {
  const margin = numberOf(rule, 'margin_rate_or_amount')
  const isAmount = rule.margin_type === 'Amount' && rule.currency === document.currency
  if (!margin || !(isAmount || rule.margin_type === 'Percentage')) return
  row.margin_type = rule.margin_type
  row.margin_rate_or_amount = margin
}

function addDiscount(row: Document, rule: Document, listed: number): void {
  const isPercentage = rule.rate_or_discount === 'Discount Percentage'
  if (!isPercentage && rule.rate_or_discount !== 'Discount Amount') return
  const value = numberOf(rule, isPercentage ? 'discount_percentage' : 'discount_amount')
  if (isPercentage && !listed) {
    row.discount_percentage = numberOf(row, 'discount_percentage') + value
    return
  }
  const amount = isPercentage ? (listed * value) / 100 : value
  row.discount_amount = numberOf(row, 'discount_amount') + amount
  if (isPercentage) row.discount_percentage = (numberOf(row, 'discount_amount') / listed) * 100
}

/** A rate by rule takes the place of the price list's; it is per stock unit unless it names a unit. */
function setListedRate(row: Document, rule: Document, uom: string, document: Document): void {
  const rate = rule.currency === document.currency ? numberOf(rule, 'rate') : 0
  const factor = uom === textOf(row, 'uom') ? 1 : numberOf(row, 'conversion_factor') || 1
  if (rate) row.price_list_rate = rate * factor
}

function setRate(row: Document): void {
  const listed = numberOf(row, 'price_list_rate')
  if (!listed) return
  const amount = numberOf(row, 'discount_amount')
  row.rate = amount
    ? listed - amount
    : roundTo(listed * (1 - numberOf(row, 'discount_percentage') / 100))
}

/** "Ignore Pricing Rule" on a document that was priced by one: back to the price list. */
function removeRules(row: Document, applied: Document[]): void {
  for (const rule of applied) {
    if (rule.rate_or_discount === 'Discount Percentage') {
      Object.assign(row, { discount_percentage: 0, rate: row.price_list_rate ?? 0 })
    }
    if (rule.rate_or_discount !== 'Rate') row.discount_amount = 0
    if (rule.margin_type) Object.assign(row, { margin_type: null, margin_rate_or_amount: 0 })
  }
  if (applied.length) row.pricing_rules = ''
}
