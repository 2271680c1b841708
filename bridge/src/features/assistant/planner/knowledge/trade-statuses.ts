import { always, CANCELLED, DRAFT, SUBMITTED, type StatusMeaning } from './document-knowledge.ts'

export function status(
  words: string,
  name: string,
  filters: StatusMeaning['filters'],
): StatusMeaning {
  return { words, name, filters }
}

/** Orders wait for goods to move (`pending`) and for bills; late is judged by the date. */
export function orderStatuses(
  pending: string,
  words: string,
  [progress, date]: [string, string],
): StatusMeaning[] {
  const waiting = [`${pending} and Bill`, pending]
  return [
    DRAFT,
    CANCELLED,
    status('overdue|late|delayed|past due', 'overdue', (today) => [
      ['docstatus', '=', 1],
      [date, '<', today],
      [progress, '<', 100],
      ['status', 'not in', ['Closed', 'Completed', 'Cancelled']],
    ]),
    status(words, pending.toLowerCase(), always(['docstatus', '=', 1], ['status', 'in', waiting])),
    status(
      'to bill|to be billed|to invoice|to be invoiced|unbilled|uninvoiced|not (?:yet )?(?:billed|invoiced)',
      'to bill',
      always(['docstatus', '=', 1], ['status', 'in', [`${pending} and Bill`, 'To Bill']]),
    ),
    status('completed|complete|finished|done', 'completed', always(['status', '=', 'Completed'])),
    status('closed', 'closed', always(['status', '=', 'Closed'])),
    status('on hold|held', 'on hold', always(['status', '=', 'On Hold'])),
    status(
      'open|pending|outstanding|unfinished|active|running',
      'open',
      always(['docstatus', '=', 1], ['status', 'not in', ['Completed', 'Closed', 'Cancelled']]),
    ),
    SUBMITTED,
  ]
}

export function invoiceStatuses(): StatusMeaning[] {
  const owed: ['outstanding_amount', '>', 0] = ['outstanding_amount', '>', 0]
  return [
    DRAFT,
    CANCELLED,
    status('overdue|past due|late', 'overdue', (today) => [
      ['docstatus', '=', 1],
      owed,
      ['due_date', '<', today],
    ]),
    status(
      'partly paid|partially paid|part paid',
      'partly paid',
      always(['docstatus', '=', 1], ['status', 'like', 'Partly Paid%']),
    ),
    status(
      "unpaid|(?:not|hasn't|haven't) (?:yet )?(?:been )?paid|open|outstanding|unsettled|to be paid|(?:still )?(?:have|has) (?:yet )?to (?:be )?(?:pay|paid)|pending",
      'unpaid',
      always(['docstatus', '=', 1], owed),
    ),
    status('fully paid|paid|settled', 'paid', always(['status', '=', 'Paid'])),
    status('credit notes?|debit notes?|returns?|returned', 'return', always(['is_return', '=', 1])),
    SUBMITTED,
  ]
}

export function noteStatuses(): StatusMeaning[] {
  return [
    DRAFT,
    CANCELLED,
    status(
      'to bill|to be billed|unbilled|not (?:yet )?(?:billed|invoiced)|to invoice|open|pending',
      'to bill',
      always(['docstatus', '=', 1], ['status', 'in', ['To Bill', 'Partially Billed']]),
    ),
    status('completed|complete|done', 'completed', always(['status', '=', 'Completed'])),
    status('returns?|returned', 'return', always(['is_return', '=', 1])),
    SUBMITTED,
  ]
}
