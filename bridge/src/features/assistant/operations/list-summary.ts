import type { OperationPreview } from '../../../shared/site-protocol.ts'

const VERBS: Record<OperationPreview['action'], string> = {
  create: 'Create',
  update: 'Change',
  submit: 'Submit',
  cancel: 'Cancel',
  delete: 'Delete',
  amend: 'Amend',
}

const NAMED = 3

/** Short sentence of what a list does, e.g. `Create Quotation for Alder Works`. */
export function listSummary(previews: OperationPreview[]): string {
  const parts = previews.slice(0, NAMED).map(operationSummary)
  const more = previews.length - parts.length
  const text = parts.join(', then ')
  return more > 0 ? `${text}, and ${more} more` : text
}

function operationSummary(preview: OperationPreview): string {
  const what = `${VERBS[preview.action]} ${preview.doctype_label}`
  if (preview.action === 'create') return preview.title ? `${what} for ${preview.title}` : what
  return preview.name ? `${what} ${preview.name}` : what
}
