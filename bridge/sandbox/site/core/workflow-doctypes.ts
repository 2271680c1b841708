import type { DoctypeDefinition } from '../contract.ts'
import { allow, check, childTable, doctype, field, FULL, link } from './define.ts'

/** States and actions by which a document has to go, where a site wants that. */
export const workflowDoctypes: DoctypeDefinition[] = [
  doctype(
    'Workflow State',
    'Workflow',
    [
      field('workflow_state_name', 'Data', { label: 'State', reqd: 1, unique: 1 }),
      field('icon', 'Select'),
      field('style', 'Select'),
    ],
    [allow('System Manager', FULL), allow('Desk User', 'read')],
    { autoname: 'field:workflow_state_name' },
  ),
  doctype(
    'Workflow Action Master',
    'Workflow',
    [field('workflow_action_name', 'Data', { reqd: 1, unique: 1, in_list_view: 1 })],
    [allow('System Manager', FULL), allow('Desk User', 'read')],
    { autoname: 'field:workflow_action_name' },
  ),
  childTable('Workflow Document State', 'Workflow', [
    link('state', 'Workflow State', { reqd: 1, in_list_view: 1 }),
    field('doc_status', 'Select', { options: '0\n1\n2', default: '0', in_list_view: 1 }),
    field('update_field', 'Select'),
    field('update_value', 'Data'),
    link('allow_edit', 'Role', { reqd: 1, in_list_view: 1 }),
  ]),
  childTable('Workflow Transition', 'Workflow', [
    link('state', 'Workflow State', { reqd: 1, in_list_view: 1 }),
    link('action', 'Workflow Action Master', { reqd: 1, in_list_view: 1 }),
    link('next_state', 'Workflow State', { reqd: 1, in_list_view: 1 }),
    link('allowed', 'Role', { reqd: 1, in_list_view: 1 }),
    check('allow_self_approval', '1'),
  ]),
  doctype(
    'Workflow',
    'Workflow',
    [
      field('workflow_name', 'Data', { reqd: 1, unique: 1 }),
      link('document_type', 'DocType', { reqd: 1, in_list_view: 1 }),
      check('is_active'),
      field('states', 'Table', { options: 'Workflow Document State', reqd: 1 }),
      field('transitions', 'Table', { options: 'Workflow Transition', reqd: 1 }),
      field('workflow_state_field', 'Data', { reqd: 1, default: 'workflow_state' }),
    ],
    [allow('System Manager', FULL)],
    { autoname: 'field:workflow_name' },
  ),
]
