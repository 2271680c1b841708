import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import type { PricingFacts } from './pricing-facts.ts'

const TABLES = { 'Item Code': 'items', 'Item Group': 'item_groups', Brand: 'brands' } as const
type ApplyOn = keyof typeof TABLES

/** A rule with the row of its table by which it speaks of this item. */
export interface PricingRule {
  rule: Document
  uom: string
}

/**
 * The rules that price a row: those that name the item come before those for its group and its
 * brand. Several apply together only where each allows it; otherwise priority decides.
 */
export function findPricingRules(facts: PricingFacts, site: SiteContext): PricingRule[] {
  const found = candidates(facts, site)
  if (!found.length) return []
  if (found.every(isMultiple)) {
    return found
      .flatMap((candidate) => decide([candidate], facts) ?? [])
      .sort((a, b) => (priorityOf(a) || 1) - (priorityOf(b) || 1))
  }
  const decided = decide(found, facts)
  return decided ? [decided] : []
}

/** The row of the rule's table that speaks of this item, as a rule; null when none does. */
export function ruleFor(rule: Document, facts: PricingFacts): PricingRule | null {
  const applyOn = textOf(rule, 'apply_on') as ApplyOn
  const field = applyOn.replace(' ', '_').toLowerCase()
  const names = namesOf(applyOn, facts)
  const row = rowsOf(rule, TABLES[applyOn] ?? '').find((entry) => {
    const uom = textOf(entry, 'uom')
    return (
      names.includes(textOf(entry, field)) && (applyOn === 'Brand' || !uom || uom === facts.uom)
    )
  })
  return row ? { rule, uom: textOf(row, 'uom') } : null
}

function candidates(facts: PricingFacts, site: SiteContext): PricingRule[] {
  const rules = site
    .getAll('Pricing Rule', { filters: { disable: 0, [facts.side]: 1 }, order_by: 'name desc' })
    .map(({ name }) => site.getDoc('Pricing Rule', String(name)))
    .filter((rule) => fits(rule, facts))
    .sort((a, b) => textOf(b, 'priority').localeCompare(textOf(a, 'priority'), 'en'))
  const found: PricingRule[] = []
  for (const applyOn of Object.keys(TABLES)) {
    const own = rules.filter((rule) => rule.apply_on === applyOn)
    found.push(...own.map((rule) => ruleFor(rule, facts)).filter((rule) => rule !== null))
    if (found[0]?.rule.has_priority === 1) continue
    if (found.length && !found.every(isMultiple)) break
  }
  return found
}

function namesOf(applyOn: ApplyOn, { item, itemGroups }: PricingFacts): string[] {
  if (applyOn === 'Item Group') return itemGroups
  if (applyOn === 'Brand') return [textOf(item, 'brand')].filter(Boolean)
  return [item.name, textOf(item, 'variant_of')].filter(Boolean)
}

function fits(rule: Document, facts: PricingFacts): boolean {
  const priceList = textOf(rule, 'for_price_list')
  if (priceList && priceList !== facts.priceList) return false
  if ((textOf(rule, 'valid_from') || '2000-01-01') > facts.date) return false
  if ((textOf(rule, 'valid_upto') || '2500-12-31') < facts.date) return false
  return Object.entries(facts.allowed).every(([field, allowed]) => {
    const wanted = textOf(rule, field)
    return !wanted || allowed.includes(wanted)
  })
}

/** Of these the one whose quantity, currency and priority fit best. */
function decide(rules: PricingRule[], facts: PricingFacts): PricingRule | null {
  let left = rules.filter((candidate) => hasQuantity(candidate, facts))
  const prefer = (is: (candidate: PricingRule) => boolean) => {
    const preferred = left.length > 1 ? left.filter(is) : []
    if (preferred.length) left = preferred
  }
  prefer(({ rule }) => rule.currency === facts.currency)
  const highest = Math.max(0, ...left.map(priorityOf))
  prefer((candidate) => highest > 0 && priorityOf(candidate) === highest)
  if (left.every(({ rule }) => rule.rate_or_discount === 'Discount Percentage')) {
    prefer(({ rule }) => rule.for_price_list === facts.priceList)
  }
  if (left.length > 1) {
    refuse(
      `Multiple Price Rules exists with same criteria, please resolve conflict by assigning priority. Price Rules: ${left.map(({ rule }) => rule.name).join('\n')}`,
      'MultiplePricingRuleConflict',
    )
  }
  return left[0] ?? null
}

/** Quantities of a rule are in the stock unit, unless its row names another one. */
function hasQuantity({ rule, uom }: PricingRule, facts: PricingFacts): boolean {
  const factor = unitsIn(uom, facts.item)
  const ofAmount = uom === facts.uom ? 1 : factor
  return (
    isWithin(facts.stockQuantity, rule, 'qty', factor) &&
    isWithin(facts.amount, rule, 'amt', ofAmount)
  )
}

function isWithin(value: number, rule: Document, what: 'qty' | 'amt', factor: number): boolean {
  const least = numberOf(rule, `min_${what}`) * factor
  const most = numberOf(rule, `max_${what}`) * factor
  return value >= least && (most === 0 || value <= most)
}

function unitsIn(uom: string, item: Document): number {
  const own = rowsOf(item, 'uoms').find((row) => uom && row.uom === uom)
  return own ? numberOf(own, 'conversion_factor') || 1 : 1
}

function isMultiple({ rule }: PricingRule): boolean {
  return rule.apply_multiple_pricing_rules === 1
}

function priorityOf({ rule }: PricingRule): number {
  return numberOf(rule, 'priority')
}
