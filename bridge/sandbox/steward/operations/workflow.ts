import type { Document, SiteContext } from '../../site/contract.ts'
import { openTransitions, SiteError, tableOf, workflowOf } from '../../site/index.ts'
import { textOf } from '../values.ts'
import { refuse } from './refusal.ts'

const SUBMITTED = 1
const CANCELLED = 2

/** Submits a document, by the action of its workflow where it follows one. */
export function submit(document: Document, site: SiteContext): Document {
  const workflow = workflowOf(document.doctype, site)
  return workflow ? take(document, workflow, SUBMITTED, site) : site.submit(document)
}

/** A workflow that knows no cancelled state leaves cancelling to the usual rights. */
export function cancel(document: Document, site: SiteContext): Document {
  const workflow = workflowOf(document.doctype, site)
  const isKnown = workflow && statesOf(workflow, CANCELLED).size > 0
  return isKnown ? take(document, workflow, CANCELLED, site) : site.cancel(document)
}

/** The first action open to this person that leads there. */
function take(
  document: Document,
  workflow: Document,
  docstatus: 1 | 2,
  site: SiteContext,
): Document {
  const open = openTransitions(document, workflow, site)
  const states = statesOf(workflow, docstatus)
  const transition = open.find((row) => states.has(textOf(row.next_state)))
  if (!transition) {
    const reason = whyNot(document, workflow, states, open)
    throw new SiteError('WorkflowPermissionError', reason, { status: 417 })
  }
  const isOwn = site.user !== 'Administrator' && site.user === document.owner
  if (isOwn && transition.allow_self_approval !== 1) {
    refuse(`Workflow ${workflow.name}: nobody may approve his own document.`, 'ValidationError')
  }
  document[textOf(workflow.workflow_state_field)] = transition.next_state
  const done = docstatus === SUBMITTED ? site.submit(document) : site.cancel(document)
  site.insert(
    {
      doctype: 'Comment',
      comment_type: 'Workflow',
      comment_email: site.user,
      reference_doctype: document.doctype,
      reference_name: document.name,
      content: transition.next_state,
    },
    { ignorePermissions: true },
  )
  return done
}

function statesOf(workflow: Document, docstatus: number): Set<string> {
  const rows = tableOf(workflow, 'states').filter((row) => Number(row.doc_status) === docstatus)
  return new Set(rows.map((row) => textOf(row.state)))
}

function whyNot(
  document: Document,
  workflow: Document,
  states: Set<string>,
  open: Document[],
): string {
  const state = textOf(document[textOf(workflow.workflow_state_field)])
  const reason = `${document.doctype} ${document.name} follows the workflow ${workflow.name} and is in the state ${state}.`
  const leading = tableOf(workflow, 'transitions').filter(
    (row) => row.state === state && states.has(textOf(row.next_state)),
  )
  const who = leading.map((row) => `${textOf(row.action)} (${textOf(row.allowed)})`)
  if (who.length) return `${reason} That takes: ${[...new Set(who)].sort().join(', ')}.`
  if (open.length) {
    return `${reason} First comes: ${open.map((row) => textOf(row.action)).join(', ')}.`
  }
  return `${reason} No action leads there from it.`
}
