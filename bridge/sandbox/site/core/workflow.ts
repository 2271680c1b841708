import type { Controller, Document, SiteContext } from '../contract.ts'
import { SiteError, validationError } from '../errors.ts'
import type { InnerSite, SiteState } from '../inner-site.ts'

/** The active workflow of a doctype; null where documents just go from draft to submitted. */
export function workflowOf(doctype: string, site: SiteContext): Document | null {
  const filters = { document_type: doctype, is_active: 1 }
  const [found] = site.getAll('Workflow', { filters, limit_page_length: 1 })
  return found ? site.getDoc('Workflow', String(found.name)) : null
}

export function tableOf(workflow: Document, table: 'states' | 'transitions'): Document[] {
  return (workflow[table] as Document[] | undefined) ?? []
}

/** The transitions out of a document's state that this person's roles allow. */
export function openTransitions(
  document: Document,
  workflow: Document,
  site: SiteContext,
): Document[] {
  const state = document[String(workflow.workflow_state_field)]
  if (!state) throw new SiteError('WorkflowStateError', 'Workflow State not set', { status: 417 })
  return tableOf(workflow, 'transitions').filter(
    (row) =>
      row.state === state && (site.user === 'Administrator' || site.roles.has(String(row.allowed))),
  )
}

/** Puts the hidden field of the state into the doctype, as Frappe's Custom Field does. */
export function addStateField(state: SiteState, workflow: Record<string, unknown>): void {
  const { definition } = state.metas.get(String(workflow.document_type))
  const fieldname = String(workflow.workflow_state_field)
  if (definition.fields.some((field) => field.fieldname === fieldname)) return
  const label = fieldname.replaceAll('_', ' ').replace(/\b\w/g, (letter) => letter.toUpperCase())
  state.metas.add({
    ...definition,
    fields: [
      ...definition.fields,
      {
        fieldname,
        fieldtype: 'Link',
        label,
        options: 'Workflow State',
        hidden: 1,
        allow_on_submit: 1,
        no_copy: 1,
      },
    ],
  })
}

export const workflow: Controller = {
  validate(document, site) {
    if (document.is_active === 1) deactivateOthers(document, site)
    for (const row of tableOf(document, 'transitions')) checkTransition(document, row)
  },
  onUpdate(document, site) {
    addStateField((site as InnerSite).state, document)
    fillStates(document, site)
  },
}

function deactivateOthers(document: Document, site: SiteContext): void {
  const filters = { document_type: document.document_type, is_active: 1 }
  for (const { name } of site.getAll('Workflow', { filters })) {
    if (name !== document.name) site.dbSet('Workflow', String(name), { is_active: 0 }, false)
  }
}

function checkTransition(document: Document, row: Document): void {
  const [from, to] = [row.state, row.next_state].map((name) => {
    const state = tableOf(document, 'states').find((entry) => entry.state === name)
    if (!state) throw validationError(`${String(name)} not a valid State`)
    return String(state.doc_status)
  })
  if (from === '2') {
    throw validationError(`Cannot change state of Cancelled Document. Transition row ${row.idx}`)
  }
  if (from === '1' && to === '0') {
    throw validationError(
      `Submitted Document cannot be converted back to draft. Transition row ${row.idx}`,
    )
  }
  if (from === '0' && to === '2') {
    throw validationError(`Cannot cancel before submitting. See Transition ${row.idx}`)
  }
}

/** Documents that were there before get the first state of their docstatus. */
function fillStates(document: Document, site: SiteContext): void {
  const doctype = String(document.document_type)
  const field = String(document.workflow_state_field)
  for (const row of site.getAll(doctype, { fields: ['name', 'docstatus', field] })) {
    const state = tableOf(document, 'states').find(
      (entry) => Number(entry.doc_status) === row.docstatus,
    )
    if (state && !row[field]) site.dbSet(doctype, String(row.name), { [field]: state.state }, false)
  }
}

/** On every document: a new one starts in the first state, and only open transitions are taken. */
export const followsWorkflow: Controller = {
  validate(document, site, before) {
    if (document.doctype === 'Workflow') return
    const found = workflowOf(document.doctype, site)
    if (!found) return
    const field = String(found.workflow_state_field)
    const first = tableOf(found, 'states')[0]?.state
    document[field] ||= first
    const current = before?.[field] || first
    if (document[field] !== current) checkMove(document, before, field, found, site)
    if (document.docstatus !== (before?.docstatus ?? 0)) setStateOfDocstatus(document, field, found)
  },
}

function checkMove(
  document: Document,
  before: Document | null,
  field: string,
  found: Document,
  site: SiteContext,
): void {
  const open = before ? openTransitions(before, found, site) : []
  if (open.some((row) => row.next_state === document[field])) return
  const first = tableOf(found, 'states')[0]?.state
  const from = String(before?.[field] || first)
  throw new SiteError(
    'WorkflowPermissionError',
    `Workflow State transition not allowed from <strong>${from}</strong> to <strong>${String(document[field])}</strong>`,
    { status: 417 },
  )
}

/** Submitting without an action moves the state along. */
function setStateOfDocstatus(document: Document, field: string, found: Document): void {
  const states = tableOf(found, 'states')
  const fits = (row: Document) => Number(row.doc_status) === document.docstatus
  if (states.some((row) => row.state === document[field] && fits(row))) return
  const next = states.find(fits)
  if (next) document[field] = next.state
}
