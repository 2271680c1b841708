/** Sign-ins of the sandbox's sample people, by what tests need them for. */
export const PEOPLE = {
  /** Steward Manager with every right of the desk. */
  manager: { user: 'nadia@example.com', password: 'steward-nadia-1' },
  /** Steward User in sales and invoicing, unrestricted. */
  user: { user: 'ivy@example.com', password: 'steward-ivy-1' },
  /** Steward User in sales who sees only the territory West. */
  restricted: { user: 'tom@example.com', password: 'steward-tom-1' },
  /** Desk user without a Steward role. */
  viewer: { user: 'vera@example.com', password: 'steward-vera-1' },
}
