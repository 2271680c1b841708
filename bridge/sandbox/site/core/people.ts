import type { DoctypeDefinition } from '../contract.ts'
import { allow, check, childTable, doctype, field, FULL, link } from './define.ts'

/** Users, their roles, and what confines them. */
export const peopleDoctypes: DoctypeDefinition[] = [
  doctype(
    'User',
    'Core',
    [
      check('enabled', '1'),
      field('email', 'Data', { reqd: 1, options: 'Email', unique: 1, in_list_view: 1 }),
      field('first_name', 'Data', { reqd: 1 }),
      field('middle_name', 'Data'),
      field('last_name', 'Data'),
      field('full_name', 'Data', { read_only: 1, in_list_view: 1 }),
      field('username', 'Data', { unique: 1 }),
      check('send_welcome_email', '1'),
      link('language', 'Language'),
      field('time_zone', 'Autocomplete'),
      field('user_image', 'Attach Image'),
      field('mobile_no', 'Data', { options: 'Phone' }),
      field('roles', 'Table', { options: 'Has Role', permlevel: 1 }),
      field('new_password', 'Password'),
      field('user_type', 'Link', { options: 'User Type', default: 'System User', permlevel: 1 }),
      field('api_key', 'Data', { permlevel: 1, read_only: 1, unique: 1 }),
      field('api_secret', 'Password', { permlevel: 1, read_only: 1 }),
      field('last_login', 'Read Only'),
      field('last_active', 'Datetime'),
    ],
    [
      allow('System Manager', FULL),
      allow('System Manager', 'read write', { permlevel: 1 }),
      allow('Desk User', 'select'),
    ],
    { title_field: 'full_name', search_fields: 'full_name' },
  ),
  doctype('User Type', 'Core', [check('is_standard', '1')], [allow('System Manager', FULL)], {
    autoname: 'Prompt',
  }),
  doctype(
    'Role',
    'Core',
    [
      field('role_name', 'Data', { reqd: 1, unique: 1 }),
      check('disabled'),
      check('desk_access', '1'),
      check('is_custom'),
    ],
    [allow('System Manager', FULL)],
    { autoname: 'field:role_name' },
  ),
  childTable('Has Role', 'Core', [link('role', 'Role', { in_list_view: 1 })]),
  doctype(
    'User Permission',
    'Core',
    [
      link('user', 'User', { reqd: 1, ignore_user_permissions: 1, in_list_view: 1 }),
      link('allow', 'DocType', { reqd: 1, in_list_view: 1 }),
      field('for_value', 'Dynamic Link', {
        options: 'allow',
        reqd: 1,
        ignore_user_permissions: 1,
        in_list_view: 1,
      }),
      check('is_default'),
      check('apply_to_all_doctypes', '1'),
      link('applicable_for', 'DocType'),
      check('hide_descendants'),
    ],
    [allow('System Manager', FULL)],
    { title_field: 'user' },
  ),
  doctype(
    'DocShare',
    'Core',
    [
      link('user', 'User'),
      link('share_doctype', 'DocType', { reqd: 1 }),
      field('share_name', 'Dynamic Link', { options: 'share_doctype', reqd: 1 }),
      check('read'),
      check('write'),
      check('share'),
      check('submit'),
      check('everyone'),
    ],
    [allow('System Manager', FULL)],
    { autoname: 'hash' },
  ),
]
