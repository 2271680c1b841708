import type { OperationAction, UndoStatement } from '../../../src/shared/site-protocol.ts'
import type { PermissionType, SiteContext } from '../../site/contract.ts'
import type { Image } from '../values.ts'
import { wordsOf, type Companions } from './companions.ts'

type Statement = [undoClass: UndoStatement['class'], rights: PermissionType[], sentence: string]

interface Performed {
  action: OperationAction
  doctype: string
  before: Image | null
  companions: Companions | null
}

/** What undoing an operation would do, and whether this person may: stated before it is approved. */
export function undoStatement(performed: Performed, site: SiteContext): UndoStatement {
  const [undoClass, rights, sentence] = statementFor(performed, site)
  const allowed = rights.every((right) => site.hasPermission(performed.doctype, right))
  const statement = allowed ? sentence : `${sentence} You have no permission for that.`
  return { class: undoClass, allowed, statement }
}

function statementFor(performed: Performed, site: SiteContext): Statement {
  const { action, doctype } = performed
  switch (action) {
    case 'create':
    case 'amend':
      return [
        'exact',
        ['delete'],
        `Undo deletes the ${site.meta(doctype).is_submittable ? 'draft ' : ''}${doctype}.`,
      ]
    case 'update':
      return ['exact', ['write'], 'Undo puts the changed fields back.']
    case 'submit':
      return ['compensating', ['cancel'], `Undo cancels the ${doctype}.`]
    case 'cancel':
      return [
        'replacement',
        ['amend', 'create'],
        'Undo makes an amended draft; it is not submitted.',
      ]
    case 'delete':
      return restoring(performed)
  }
}

/** What comes back, and what does not. */
function restoring({ doctype, before, companions }: Performed): Statement {
  const isCancelled = before?.docstatus === 2
  const sentences = [`Undo restores the ${doctype}${isCancelled ? ', cancelled as it is' : ''}.`]
  const along = companions ? wordsOf(companions) : ''
  if (along) sentences.push(`With it come back: ${along}.`)
  if (companions?.files.length) {
    sentences.push('Attachments are kept for the undo as long as Log Settings say.')
  }
  for (const loss of companions?.losses ?? []) sentences.push(`Cannot be brought back: ${loss}.`)
  return ['replacement', isCancelled ? ['create', 'cancel'] : ['create'], sentences.join(' ')]
}
