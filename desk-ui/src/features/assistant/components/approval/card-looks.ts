import type { OperationList, OperationPreview, SetBy } from '../../../../bridge/protocol.ts'

type Theme = 'gray' | 'blue' | 'green' | 'amber' | 'red'

export const STATE_LOOK: Record<OperationList['state'], { label: string; theme: Theme }> = {
  proposed: { label: 'Waiting for you', theme: 'amber' },
  approving: { label: 'Saving', theme: 'blue' },
  applied: { label: 'Done', theme: 'green' },
  rejected: { label: 'Rejected', theme: 'gray' },
  refused: { label: 'Refused by ERPNext', theme: 'red' },
  expired: { label: 'Expired', theme: 'gray' },
}

/** How a card's state is told; one that was put differently is not rejected, it is out of date. */
export function lookOf(list: OperationList | undefined): { label: string; theme: Theme } {
  if (list?.superseded_by) return { label: 'Superseded', theme: 'gray' }
  return STATE_LOOK[list?.state ?? 'proposed']
}

export const ACTION_WORD: Record<OperationPreview['action'], string> = {
  create: 'New',
  update: 'Change',
  submit: 'Submit',
  cancel: 'Cancel',
  delete: 'Delete',
  amend: 'Amend',
}

/** The same on the card of an undo. */
export const UNDO_WORD: Record<OperationPreview['action'], string> = {
  ...ACTION_WORD,
  create: 'Restore',
  update: 'Put back',
}

export const SET_BY_WORD: Record<SetBy, string> = {
  person: 'you',
  site: 'ERPNext',
  site_changed: 'changed by ERPNext',
  unchanged: 'unchanged',
}

const DOCSTATUS_WORD = ['Draft', 'Submitted', 'Cancelled'] as const

/** What can't be submitted is no draft either. "Draft → Submitted" when the operation moves the document's state. */
export function docstatusMove(preview: OperationPreview): string | null {
  const { docstatus_before: before, docstatus_after: after, is_submittable } = preview
  if (is_submittable === false) return null
  if (after === null) return before === null ? null : `${DOCSTATUS_WORD[before]} → deleted`
  if (before === null) return `saved as ${DOCSTATUS_WORD[after].toLowerCase()}`
  return before === after ? null : `${DOCSTATUS_WORD[before]} → ${DOCSTATUS_WORD[after]}`
}
