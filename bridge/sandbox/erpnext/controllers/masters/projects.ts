import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'

export const project: Controller = {
  validate(document) {
    const [from, to] = [
      textOf(document, 'expected_start_date'),
      textOf(document, 'expected_end_date'),
    ]
    if (from && to && to < from) {
      refuse('Expected End Date should be greater than or equal to Expected Start Date.')
    }
  },
}

export const task: Controller = {
  validate(document, site) {
    const [from, to] = [textOf(document, 'exp_start_date'), textOf(document, 'exp_end_date')]
    if (from && to && to < from) {
      refuse(
        'Expected End Date should be greater than or equal to Expected Start Date.',
        'InvalidDates',
      )
    }
    if (document.status === 'Completed') {
      document.progress = 100
      document.completed_on ||= site.today()
    } else if (document.completed_on) refuse('Completed On can only be set on a completed Task')
    const progress = numberOf(document, 'progress')
    if (progress > 100) refuse('Progress % for a task cannot be more than 100.')
  },
  onUpdate(document, site) {
    updateProject(document, site)
  },
}

/** A project is as far as its tasks are. */
function updateProject(document: Document, site: SiteContext): void {
  const name = textOf(document, 'project')
  if (!name || !site.exists('Project', name)) return
  const tasks = site.getAll('Task', { filters: { project: name }, fields: ['status'] })
  const done = tasks.filter((row) => ['Completed', 'Cancelled'].includes(textOf(row, 'status')))
  const percent = roundTo((done.length / tasks.length) * 100)
  site.dbSet('Project', name, { percent_complete: percent }, false)
}
