import type { TouchedDocument } from '../bridge/host.ts'
import type { PageContext } from '../bridge/protocol.ts'

/** The parts of Desk's globals that tell what is open; the same in Frappe 15 and 16. */
export interface Desk {
  boot?: { steward?: { enabled?: boolean } }
  get_route?: () => string[]
  set_route?: (...route: string[]) => unknown
  router?: { on?: (event: 'change', handler: () => void) => void }
  model?: { clear_doc?: (doctype: string, name: string) => unknown }
}

interface DeskForm {
  doctype: string
  docname: string
  is_new?: () => unknown
  is_dirty?: () => boolean
  reload_doc?: () => unknown
}

interface DeskList {
  doctype: string
  refresh?: () => unknown
  get_filters_for_args?: () => unknown[][]
}

declare global {
  interface Window {
    frappe?: Desk
    cur_frm?: DeskForm | null
    cur_list?: DeskList | null
  }
}

/** The document or list in front of the person, or null on a workspace, report or other page. */
export function openPage(): PageContext | null {
  const [view, doctype, name] = window.frappe?.get_route?.() ?? []
  if (view === 'Form' && doctype && name) return openDocument(doctype, name)
  if (view === 'List' && doctype) return openList(doctype)
  return null
}

/** A document that was never saved has nothing on the site to talk about. */
function openDocument(doctype: string, name: string): PageContext | null {
  const form = window.cur_frm
  if (form?.doctype === doctype && form.is_new?.()) return { doctype, name: null }
  return { doctype, name }
}

function openList(doctype: string): PageContext {
  const list = window.cur_list?.doctype === doctype ? window.cur_list : null
  const filters = (list?.get_filters_for_args?.() ?? []).flatMap(filterOf)
  return filters.length > 0 ? { doctype, name: null, filters } : { doctype, name: null }
}

/** Desk keeps `[doctype, field, operator, value]`; those of child tables are left out. */
function filterOf([, field, operator, value]: unknown[]): [string, string, unknown][] {
  return typeof field === 'string' && typeof operator === 'string' ? [[field, operator, value]] : []
}

/** Shows what was just saved where the person is looking at it; unsaved typing is never thrown away. */
export function refreshOpen(documents: TouchedDocument[]): void {
  const [view] = window.frappe?.get_route?.() ?? []
  if (view === 'Form' && window.cur_frm) refreshForm(window.cur_frm, documents)
  if (view !== 'List') return
  const list = window.cur_list
  if (documents.some((one) => one.doctype === list?.doctype)) list?.refresh?.()
}

function refreshForm(form: DeskForm, documents: TouchedDocument[]): void {
  const { doctype, docname } = form
  const touched = documents.find((one) => one.doctype === doctype && one.name === docname)
  if (!touched || form.is_dirty?.()) return
  if (!touched.gone) {
    form.reload_doc?.()
    return
  }
  window.frappe?.model?.clear_doc?.(doctype, docname)
  window.frappe?.set_route?.('List', doctype)
}
