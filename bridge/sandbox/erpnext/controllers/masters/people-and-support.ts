import type { Controller } from '../../../site/contract.ts'
import { fillEmpty, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'

export const event: Controller = {
  validate(document) {
    const [from, to] = [textOf(document, 'starts_on'), textOf(document, 'ends_on')]
    if (from && to && from > to) refuse('Event end must be after start')
  },
}

export const issue: Controller = {
  validate(document, site) {
    fillEmpty(document, 'opening_date', site.today())
    fillEmpty(document, 'raised_by', site.user === 'Administrator' ? '' : site.user)
    const customer = textOf(document, 'customer')
    if (customer && site.exists('Customer', customer)) {
      document.customer_name = site.getValue('Customer', customer, 'customer_name')
    }
  },
}

export const employee: Controller = {
  validate(document, site) {
    const names = [document.first_name, document.middle_name, document.last_name]
    document.employee_name = names.filter(Boolean).join(' ')
    document.employee = document.name
    const born = textOf(document, 'date_of_birth')
    if (born && born > site.today()) refuse('Date of Birth cannot be greater than today.')
    const joined = textOf(document, 'date_of_joining')
    if (born && joined && born >= joined) {
      refuse('Date of Joining must be greater than Date of Birth')
    }
  },
}
