/** One sample account: who it is, how to sign in, and what ERPNext lets it do. */
export interface SampleUser {
  email: string
  password: string
  firstName: string
  lastName: string
  roles: string[]
  /** User permissions: only documents linked to these. */
  restrictedTo?: { allow: string; value: string }[]
  describedAs: string
}

/** Everyone who can sign in to the sandbox, Administrator aside (password `admin`). */
export const SAMPLE_USERS: SampleUser[] = [
  {
    email: 'nadia@example.com',
    password: 'steward-nadia-1',
    firstName: 'Nadia',
    lastName: 'Owens',
    roles: [
      'System Manager',
      'Sales Manager',
      'Sales User',
      'Sales Master Manager',
      'Purchase Manager',
      'Purchase User',
      'Accounts Manager',
      'Accounts User',
      'Stock Manager',
      'Stock User',
      'Item Manager',
      'Projects User',
      'Support Team',
      'Report Manager',
    ],
    describedAs: 'manager: sees and does everything, runs Steward',
  },
  {
    email: 'tom@example.com',
    password: 'steward-tom-1',
    firstName: 'Tom',
    lastName: 'Ferris',
    roles: ['Sales User', 'Stock User'],
    restrictedTo: [{ allow: 'Territory', value: 'West' }],
    describedAs: 'sales, only the territory West',
  },
  {
    email: 'ivy@example.com',
    password: 'steward-ivy-1',
    firstName: 'Ivy',
    lastName: 'Castell',
    roles: ['Sales User', 'Sales Manager', 'Stock User', 'Accounts User', 'Projects User'],
    describedAs: 'sales and invoicing, unrestricted',
  },
  {
    email: 'olga@example.com',
    password: 'steward-olga-1',
    firstName: 'Olga',
    lastName: 'Brandt',
    roles: ['Accounts Manager', 'Accounts User', 'Auditor'],
    describedAs: 'accounts manager',
  },
  {
    email: 'raj@example.com',
    password: 'steward-raj-1',
    firstName: 'Raj',
    lastName: 'Mehrotra',
    roles: ['Purchase User', 'Purchase Manager', 'Stock User', 'Item Manager'],
    describedAs: 'purchasing and stock',
  },
  {
    email: 'vera@example.com',
    password: 'steward-vera-1',
    firstName: 'Vera',
    lastName: 'Lindqvist',
    roles: ['Sales User', 'Support Team'],
    restrictedTo: [{ allow: 'Customer', value: 'Bluebird Bakery' }],
    describedAs: 'viewer: reads one customer, may not approve',
  },
]
