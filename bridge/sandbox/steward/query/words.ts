import type { DoctypeMatch, SiteWords } from '../../../src/shared/site-protocol.ts'
import { canonicalHash } from '../../../src/shared/canonical-json.ts'
import type { SiteContext } from '../../site/contract.ts'
import { isVirtual } from '../doctypes.ts'
import { textOf } from '../values.ts'
import { likeness } from './likeness.ts'

const MOST_MATCHES = 10
const LEAST_SCORE = 0.55

/** The words of this person's site: doctypes and reports they may use. */
export function siteWords(site: SiteContext): SiteWords {
  const user = site.exists('User', site.user) ? site.getDoc('User', site.user) : null
  const words = {
    language: textOf(user?.language) || 'en',
    doctypes: readableDoctypes(site),
    reports: usableReports(site),
  }
  return { version: canonicalHash(words).slice(0, 16), ...words }
}

/** Doctypes by words, best first, typing errors forgiven. */
export function findDoctypes(text: string, site: SiteContext): DoctypeMatch[] {
  const wanted = normal(text)
  if (!wanted) return []
  return readableDoctypes(site)
    .map(({ doctype, label, module }) => ({
      doctype,
      label,
      module,
      score: Math.round(scoreOf(wanted, label) * 1000) / 1000,
    }))
    .filter((match) => match.score >= LEAST_SCORE)
    .sort(
      (a, b) =>
        b.score - a.score ||
        a.doctype.length - b.doctype.length ||
        (a.doctype < b.doctype ? -1 : 1),
    )
    .slice(0, MOST_MATCHES)
}

function readableDoctypes(site: SiteContext): SiteWords['doctypes'] {
  return site
    .allMetas()
    .filter((meta) => !meta.istable && !meta.issingle && !isVirtual(meta))
    .filter((meta) => site.hasPermission(meta.name, 'read'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((meta) => ({
      doctype: meta.name,
      label: meta.name,
      module: meta.module,
      is_submittable: Boolean(meta.is_submittable),
      can_create: site.hasPermission(meta.name, 'create'),
    }))
}

function usableReports(site: SiteContext): SiteWords['reports'] {
  return site
    .getAll('Report', { filters: { disabled: 0 }, fields: ['name'], order_by: 'name asc' })
    .map((row) => site.getDoc('Report', textOf(row.name)))
    .filter((report) => mayRun(report.roles, textOf(report.ref_doctype), site))
    .map((report) => ({
      name: report.name,
      label: report.name,
      ref_doctype: textOf(report.ref_doctype),
      report_type: textOf(report.report_type),
    }))
}

function mayRun(roles: unknown, doctype: string, site: SiteContext): boolean {
  if (!site.hasMeta(doctype) || !site.hasPermission(doctype, 'report')) return false
  const rows = Array.isArray(roles) ? (roles as { role?: unknown }[]) : []
  const isAdministrator = site.user === 'Administrator'
  return isAdministrator || !rows.length || rows.some((row) => site.roles.has(textOf(row.role)))
}

/** 1 for the same words, less for some of them or for a typing error. */
function scoreOf(wanted: string, label: string): number {
  const have = normal(label)
  if (wanted === have) return 1
  const [asked, held] = [new Set(wanted.split(' ')), new Set(have.split(' '))]
  const both = [...held].filter((word) => asked.has(word)).length
  const shared = both / Math.max(asked.size + held.size - both, 1)
  const alike = likeness(wanted, have)
  const whole = both === held.size ? Math.max(alike, 0.8 + 0.1 * shared) : alike
  return Math.max(whole, shared * 0.95)
}

/** Lower case, without punctuation, plurals cut to their stem. */
function normal(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
  return words.map(singular).join(' ')
}

function singular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss')) return word.slice(0, -1)
  return word
}
