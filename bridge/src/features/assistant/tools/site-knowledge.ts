import type { Clock } from '../../../shared/clock.ts'
import { isStewardError } from '../../../shared/errors.ts'
import {
  STEWARD_METHODS,
  type DoctypeDescription,
  type DoctypeMatch,
  type SiteWords,
} from '../../../shared/site-protocol.ts'
import type { Actor, KnownName, SiteSession } from '../ports.ts'
import { ExpiringCache } from './expiring-cache.ts'

/** What a person's site looks like to them: doctypes and words, remembered for minutes. */
export interface SiteKnowledge {
  describe(actor: Actor, session: SiteSession, doctype: string): Promise<DoctypeDescription>
  /** Null when this person may not see the doctype, or there is none. */
  tryDescribe(
    actor: Actor,
    session: SiteSession,
    doctype: string,
  ): Promise<DoctypeDescription | null>
  find(actor: Actor, session: SiteSession, words: string): Promise<DoctypeMatch[]>
  words(actor: Actor, session: SiteSession): Promise<SiteWords>
  /** Parties and items this person's session lists, the latest changed of each kind. */
  names(actor: Actor, session: SiteSession): Promise<readonly KnownName[]>
  /** Filter names of a report, as far as its script tells. */
  reportFilters(actor: Actor, session: SiteSession, report: string): Promise<string[]>
}

const MINUTES = 60_000

export function createSiteKnowledge(clock: Clock): SiteKnowledge {
  const descriptions = cache<DoctypeDescription>(clock, 5_000)
  const matches = cache<DoctypeMatch[]>(clock, 2_000)
  const words = cache<SiteWords>(clock, 500)
  const filters = cache<string[]>(clock, 1_000)
  const names = cache<KnownName[]>(clock, 100)
  const describe = (actor: Actor, session: SiteSession, doctype: string) =>
    descriptions.get(keyOf(actor, doctype), () =>
      session.call<DoctypeDescription>(STEWARD_METHODS.describe, { doctype }),
    )
  return {
    describe,
    tryDescribe: async (actor, session, doctype) => {
      try {
        return await describe(actor, session, doctype)
      } catch (error) {
        if (isStewardError(error, 'site_refused', 'not_found', 'forbidden')) return null
        throw error
      }
    },
    find: (actor, session, text) =>
      matches.get(keyOf(actor, text.toLowerCase()), () =>
        session.call<DoctypeMatch[]>(STEWARD_METHODS.findDoctype, { words: text }),
      ),
    words: (actor, session) =>
      words.get(keyOf(actor, ''), () => session.call<SiteWords>(STEWARD_METHODS.siteWords, {})),
    names: (actor, session) => names.get(keyOf(actor, ''), () => readNames(session)),
    reportFilters: (actor, session, report) =>
      filters.get(keyOf(actor, report), () => readReportFilters(session, report)),
  }
}

function cache<V>(clock: Clock, capacity: number): ExpiringCache<V> {
  return new ExpiringCache<V>({ clock, ttlMs: 5 * MINUTES, capacity })
}

/** Permissions differ by person, so nothing is shared between two of them. */
function keyOf(actor: Actor, name: string): string {
  return JSON.stringify([actor.site_id, actor.person, name])
}

const NAMED: [doctype: string, title: string][] = [
  ['Customer', 'customer_name'],
  ['Supplier', 'supplier_name'],
  ['Item', 'item_name'],
]
/** Bounds what is read and kept for one person; the rest is still found by searching. */
const NAMES_OF_A_KIND = 1_000

async function readNames(session: SiteSession): Promise<KnownName[]> {
  const kinds = await Promise.all(
    NAMED.map(async ([doctype, title]) => {
      const fields = ['name', title]
      const query = { fields, order_by: 'modified desc', limit: NAMES_OF_A_KIND }
      const rows = await listAllowed(session, doctype, query)
      return rows.map((row) => {
        const name = String(row.name)
        return { doctype, name, title: String(row[title] ?? name) }
      })
    }),
  )
  return kinds.flat()
}

async function listAllowed(
  session: SiteSession,
  doctype: string,
  query: Parameters<SiteSession['list']>[1],
): Promise<Record<string, unknown>[]> {
  try {
    return await session.list(doctype, query)
  } catch (error) {
    if (isStewardError(error, 'site_refused', 'not_found', 'forbidden')) return []
    throw error
  }
}

/** ERPNext defines report filters in the report's page script; only their names are read from it. */
async function readReportFilters(session: SiteSession, report: string): Promise<string[]> {
  try {
    const answer = await session.call<{ script?: string }>('frappe.desk.query_report.get_script', {
      report_name: report,
    })
    const names = [...(answer.script ?? '').matchAll(/fieldname["']?\s*:\s*["'](\w+)["']/g)]
    return [...new Set(names.map((match) => match[1] ?? ''))].filter(Boolean)
  } catch (error) {
    if (isStewardError(error, 'site_refused', 'not_found', 'forbidden')) return []
    throw error
  }
}
