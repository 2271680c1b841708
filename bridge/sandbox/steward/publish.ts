import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import type { Controller, SiteContext, WhitelistedMethod } from '../site/contract.ts'
import { BRIDGE } from './access.ts'
import { refuse } from './operations/refusal.ts'
import { isObject, parseJson } from './operations/request.ts'
import { stampOf } from './site-time.ts'
import { textOf } from './values.ts'

/** What the bridge may publish: doctype and the fields it sets. */
const PUBLISHED: Record<string, ReadonlySet<string>> = {
  'Steward Request': new Set([
    'text',
    'state',
    'person',
    'team',
    'route',
    'route_reason',
    'conversation',
    'requested_at',
    'finished_at',
    'operations',
    'model_calls',
    'cost_usd',
  ]),
}
const MOST_RECORDS = 200
const FLAG = 'steward_publishing'

/** `steward.api.publish`: read-only mirrors; a record is written when its version is newer. */
export const publishMethods: WhitelistedMethod[] = [
  {
    name: STEWARD_METHODS.publish,
    methods: ['POST'],
    run(site, args) {
      if (!site.roles.has(BRIDGE)) {
        refuse("Only the bridge's service user may publish.", 'PermissionError')
      }
      const doctype = textOf(args.doctype)
      if (!PUBLISHED[doctype]) refuse(`${doctype} is not published.`)
      const records = parseJson(args.records)
      if (!Array.isArray(records) || records.length > MOST_RECORDS) {
        return refuse(`A list of at most ${MOST_RECORDS} records is needed.`)
      }
      const written = records.filter((record: unknown) => write(doctype, record, site)).length
      return { written, unchanged: records.length - written }
    },
  },
]

/** What somebody asked, as the bridge published it; ERPNext only reads it. */
export const publishedRecord: Controller = {
  beforeInsert: (_document, site) => refuseUnlessPublished(site),
  validate: (_document, site) => refuseUnlessPublished(site),
  onTrash: (_document, site) => refuseUnlessPublished(site),
}

function refuseUnlessPublished(site: SiteContext): void {
  if (site.flags[FLAG] === true) return
  refuse('Steward Requests are written by the bridge only.', 'PermissionError')
}

function write(doctype: string, record: unknown, site: SiteContext): boolean {
  if (!isObject(record) || !isObject(record.values)) return refuse('A record needs values.')
  const id = textOf(record.external_id)
  const version = Number(record.version)
  const unknown = Object.keys(record.values).filter((field) => !PUBLISHED[doctype]?.has(field))
  if (unknown.length) {
    refuse(`${doctype} has no published field ${unknown.sort().join(', ')}.`)
  }
  const stored = site.exists(doctype, id) ? site.getDoc(doctype, id) : null
  if (stored && Number(stored.version) >= version) return false
  const values = { ...siteValues(doctype, record.values, site), external_id: id, version }
  const input = { doctype, ...stored, ...values }
  site.flags[FLAG] = true
  try {
    site.save(input, { ignorePermissions: true, ignoreLinks: true })
  } finally {
    site.flags[FLAG] = false
  }
  return true
}

/** RFC 3339 times in the site's zone, as Frappe stores them. */
function siteValues(doctype: string, values: Record<string, unknown>, site: SiteContext) {
  const types = new Map(
    site.meta(doctype).fields.map((field) => [field.fieldname, field.fieldtype]),
  )
  const members = Object.entries(values).map(([name, value]) => {
    const at = types.get(name) === 'Datetime' && value ? Date.parse(textOf(value)) : Number.NaN
    return [name, Number.isNaN(at) ? value : stampOf(at, site.timeZone)]
  })
  return Object.fromEntries(members) as Record<string, unknown>
}
