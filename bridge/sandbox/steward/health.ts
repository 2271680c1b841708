import { STEWARD_METHODS, type SiteHealth } from '../../src/shared/site-protocol.ts'
import type { WhitelistedMethod } from '../site/contract.ts'
import { BRIDGE } from './access.ts'
import { refuse } from './operations/refusal.ts'
import { clientId, issue } from './sessions/grants.ts'
import { textOf } from './values.ts'

const PROBE_MINUTES = 1

/** `steward.api.health`: what the bridge's doctor asks of the site. */
export const healthMethods: WhitelistedMethod[] = [
  {
    name: STEWARD_METHODS.health,
    methods: ['POST'],
    run(site): SiteHealth {
      if (!site.roles.has(BRIDGE) || site.user === 'Administrator') {
        refuse("Only the bridge's service user may ask this.", 'PermissionError')
      }
      const client = clientId(site)
      const stored = client ? textOf(site.getValue('OAuth Client', client, 'redirect_uris')) : ''
      return {
        // The sandbox has no queue: its own process does all the work, at once.
        workers: 1,
        scheduler_active: true,
        redirect_uris: stored.split(/\s+/).filter(Boolean),
        probe_token: client
          ? issue(site, 'delegated', PROBE_MINUTES, null, 'connection check').token
          : null,
      }
    },
  },
]
