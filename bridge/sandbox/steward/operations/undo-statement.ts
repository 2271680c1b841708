import type { OperationAction, UndoStatement } from '../../../src/shared/site-protocol.ts'
import type { PermissionType, SiteContext } from '../../site/contract.ts'

type Statement = [undoClass: UndoStatement['class'], rights: PermissionType[], sentence: string]

/** What undoing an operation would do, and whether this person may: stated before it is approved. */
export function undoStatement(
  action: OperationAction,
  doctype: string,
  site: SiteContext,
): UndoStatement {
  const [undoClass, rights, sentence] = statementFor(action, doctype)
  const allowed = rights.every((right) => site.hasPermission(doctype, right))
  const statement = allowed ? sentence : `${sentence} You have no permission for that.`
  return { class: undoClass, allowed, statement }
}

function statementFor(action: OperationAction, doctype: string): Statement {
  switch (action) {
    case 'create':
    case 'amend':
      return ['exact', ['delete'], `Undo deletes the draft ${doctype}.`]
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
      return [
        'replacement',
        ['create'],
        `Undo restores the ${doctype}, perhaps under a new name, without its attachments and comments.`,
      ]
  }
}
