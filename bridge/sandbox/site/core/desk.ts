import type { DoctypeDefinition } from '../contract.ts'
import { allow, check, childTable, doctype, field, FULL, link } from './define.ts'

const READERS = ['Accounts Manager', 'Accounts User', 'Sales User', 'Purchase User']

/** Desk's own documents, and Frappe's geography that business documents link to. */
export const deskDoctypes: DoctypeDefinition[] = [
  doctype(
    'ToDo',
    'Desk',
    [
      field('status', 'Select', {
        options: 'Open\nClosed\nCancelled',
        default: 'Open',
        in_list_view: 1,
        in_standard_filter: 1,
      }),
      field('priority', 'Select', {
        options: 'High\nMedium\nLow',
        default: 'Medium',
        in_list_view: 1,
        in_standard_filter: 1,
      }),
      field('color', 'Color'),
      field('date', 'Date', { label: 'Due Date', default: 'Today', in_standard_filter: 1 }),
      link('allocated_to', 'User', { ignore_user_permissions: 1 }),
      field('description', 'Text Editor', { reqd: 1 }),
      link('reference_type', 'DocType'),
      field('reference_name', 'Dynamic Link', { options: 'reference_type' }),
      link('role', 'Role'),
      link('assigned_by', 'User', { ignore_user_permissions: 1 }),
      field('assigned_by_full_name', 'Read Only', { fetch_from: 'assigned_by.full_name' }),
      field('sender', 'Data', { read_only: 1 }),
    ],
    [
      allow('All', 'read write create delete'),
      allow('System Manager', 'read write create report export share print email'),
    ],
    {
      autoname: 'hash',
      title_field: 'description',
      search_fields: 'description, reference_type, reference_name',
    },
  ),
  doctype(
    'Note',
    'Desk',
    [
      field('title', 'Data', { reqd: 1, in_list_view: 1 }),
      field('public', 'Check', { default: '0', permlevel: 1 }),
      field('expire_notification_on', 'Date'),
      field('content', 'Text Editor'),
      field('seen_by', 'Table', { options: 'Note Seen By' }),
    ],
    [
      allow('System Manager', FULL),
      allow('System Manager', 'read write', { permlevel: 1 }),
      allow('Desk User', 'read'),
      allow('Desk User', 'read', { permlevel: 1 }),
      allow('Desk User', 'write create delete', { if_owner: 1 }),
    ],
    { autoname: 'hash', title_field: 'title' },
  ),
  childTable('Note Seen By', 'Desk', [link('user', 'User')]),
  doctype(
    'Currency',
    'Geo',
    [
      field('currency_name', 'Data', { reqd: 1, unique: 1 }),
      check('enabled'),
      field('fraction', 'Data'),
      field('fraction_units', 'Int'),
      field('smallest_currency_fraction_value', 'Currency', { non_negative: 1 }),
      field('symbol', 'Data'),
      check('symbol_on_right'),
      field('number_format', 'Select'),
    ],
    [allow('System Manager', FULL), ...READERS.map((role) => allow(role, 'read'))],
    { autoname: 'field:currency_name' },
  ),
  doctype(
    'Country',
    'Geo',
    [
      field('country_name', 'Data', { reqd: 1, unique: 1 }),
      field('date_format', 'Data'),
      field('code', 'Data'),
    ],
    [allow('System Manager', FULL), allow('All', 'read')],
    { autoname: 'field:country_name', sort_field: 'country_name', sort_order: 'ASC' },
  ),
  doctype(
    'Language',
    'Core',
    [
      field('language_code', 'Data', { reqd: 1, unique: 1 }),
      field('language_name', 'Data', { reqd: 1 }),
      check('enabled', '1'),
    ],
    [allow('System Manager', FULL), allow('All', 'read')],
    { autoname: 'field:language_code', search_fields: 'language_name' },
  ),
]
