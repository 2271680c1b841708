import type { OperationPreview } from '../../../shared/site-protocol.ts'

const VERBS: Record<OperationPreview['action'], string> = {
  create: 'Create',
  update: 'Change',
  submit: 'Submit',
  cancel: 'Cancel',
  delete: 'Delete',
  amend: 'Amend',
}

/** The same where the list undoes something. */
const UNDO_VERBS: typeof VERBS = { ...VERBS, create: 'Restore', update: 'Put back' }

const NAMED = 3

/** Short sentence of what a list does, e.g. `Create Quotation for Alder Works`. */
export function listSummary(previews: OperationPreview[]): string {
  return summary(previews, createdFor)
}

/** Short sentence of what an undo does, e.g. `Undo: Restore Customer Alder Works`. */
export function undoSummary(previews: OperationPreview[]): string {
  return `Undo: ${summary(previews, (preview) => named(preview, UNDO_VERBS))}`
}

function summary(
  previews: OperationPreview[],
  sentence: (preview: OperationPreview) => string,
): string {
  const parts = previews.slice(0, NAMED).map(sentence)
  const more = previews.length - parts.length
  const text = parts.join(', then ')
  return more > 0 ? `${text}, and ${more} more` : text
}

function createdFor(preview: OperationPreview): string {
  const { action, doctype_label: label, title } = preview
  if (action !== 'create') return named(preview, VERBS)
  return title ? `${VERBS.create} ${label} for ${title}` : `${VERBS.create} ${label}`
}

function named(
  { action, doctype_label: label, name, title }: OperationPreview,
  verbs: typeof VERBS,
) {
  const which = name ?? title
  return which ? `${verbs[action]} ${label} ${which}` : `${verbs[action]} ${label}`
}
