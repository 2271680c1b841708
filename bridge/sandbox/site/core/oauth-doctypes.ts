import type { DoctypeDefinition } from '../contract.ts'
import { allow, check, childTable, doctype, field, FULL, link } from './define.ts'

/** Clients, codes and tokens of the OAuth 2 provider. */
export const oauthDoctypes: DoctypeDefinition[] = [
  doctype(
    'OAuth Client',
    'Integrations',
    [
      field('client_id', 'Data', { read_only: 1 }),
      field('app_name', 'Data', { reqd: 1, in_list_view: 1 }),
      link('user', 'User', { read_only: 1 }),
      field('client_secret', 'Data', { read_only: 1 }),
      check('skip_authorization'),
      field('scopes', 'Text', { reqd: 1, default: 'all openid' }),
      field('redirect_uris', 'Text'),
      field('default_redirect_uri', 'Data', { reqd: 1, length: 1000 }),
      field('grant_type', 'Select', { options: 'Authorization Code\nImplicit' }),
      field('response_type', 'Select', { options: 'Code\nToken', default: 'Code' }),
      field('allowed_roles', 'Table MultiSelect', { options: 'OAuth Client Role' }),
    ],
    [allow('System Manager', FULL)],
    { title_field: 'app_name' },
  ),
  childTable('OAuth Client Role', 'Integrations', [link('role', 'Role')]),
  doctype(
    'OAuth Bearer Token',
    'Integrations',
    [
      link('client', 'OAuth Client', { read_only: 1 }),
      link('user', 'User', { read_only: 1 }),
      field('scopes', 'Text', { read_only: 1 }),
      field('access_token', 'Data', { read_only: 1, unique: 1 }),
      field('refresh_token', 'Data', { read_only: 1 }),
      field('expiration_time', 'Datetime', { read_only: 1 }),
      field('expires_in', 'Int', { read_only: 1 }),
      field('status', 'Select', { options: 'Active\nRevoked', read_only: 1 }),
    ],
    [allow('System Manager', 'read delete')],
    { autoname: 'field:access_token' },
  ),
  doctype(
    'OAuth Authorization Code',
    'Integrations',
    [
      link('client', 'OAuth Client', { read_only: 1 }),
      link('user', 'User', { read_only: 1 }),
      field('scopes', 'Text', { read_only: 1 }),
      field('authorization_code', 'Data', { read_only: 1, unique: 1 }),
      field('expiration_time', 'Datetime', { read_only: 1 }),
      field('redirect_uri_bound_to_authorization_code', 'Data', { length: 1000 }),
      field('validity', 'Select', { options: 'Valid\nInvalid', read_only: 1 }),
      field('code_challenge', 'Data'),
      field('code_challenge_method', 'Select', { options: '\ns256\nplain' }),
      field('nonce', 'Data'),
    ],
    [allow('System Manager', 'read delete')],
    { autoname: 'field:authorization_code' },
  ),
]
