import type { SiteContext } from '../../site/contract.ts'
import { isVirtual, isWrittenBySite } from '../doctypes.ts'
import { refuse } from './refusal.ts'

/** Modules whose doctypes decide what the site is and who may do what. */
const DENIED_MODULES = new Set([
  'Core',
  'Custom',
  'Email',
  'Integrations',
  'Workflow',
  'Website',
  'Printing',
  'Automation',
  'Data Migration',
  'Steward',
])
/** Of Desk only what people themselves work with. */
const DESK_ALLOWED = new Set(['ToDo', 'Event', 'Note'])

/** Refuses what Steward never touches, whatever a person's own rights allow. */
export function refuseDenied(doctype: string, site: SiteContext): void {
  const reason = whyDenied(doctype, site)
  if (reason) refuse(reason, 'PermissionError')
}

function whyDenied(doctype: string, site: SiteContext): string | null {
  const meta = site.meta(doctype)
  if (meta.istable) return `${doctype} is part of another document; change that one.`
  if (meta.issingle) return `Steward does not change settings such as ${doctype}.`
  if (isVirtual(meta)) return `${doctype} is not stored in ERPNext.`
  if (DENIED_MODULES.has(meta.module)) {
    return `Steward does not change ${doctype}: it decides how the site works or who may do what.`
  }
  if (meta.module === 'Desk' && !DESK_ALLOWED.has(doctype)) {
    return `Steward does not change ${doctype}.`
  }
  if (isWrittenBySite(meta)) return `${doctype} is written by ERPNext itself, never by hand.`
  return null
}
