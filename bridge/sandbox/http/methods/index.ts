import type { WhitelistedMethod } from '../../site/contract.ts'
import type { Site } from '../../site/index.ts'
import type { HttpMethod } from '../exchange.ts'
import { authorizeMethods } from '../oauth/authorize.ts'
import { tokenMethods } from '../oauth/tokens.ts'
import { accountMethods } from './account.ts'
import { clientReads } from './client-reads.ts'
import { clientWrites } from './client-writes.ts'
import { deskMethods } from './desk.ts'
import { fileMethods } from './files.ts'

/** Every method a caller may name: the site's own, then what the apps whitelist. */
export function methodTable(site: Site): Map<string, HttpMethod> {
  const own = [
    ...accountMethods,
    ...clientReads,
    ...clientWrites,
    ...deskMethods,
    ...fileMethods,
    ...authorizeMethods,
    ...tokenMethods,
  ]
  const fromApps = site.apps.flatMap((app) => app.methods).map(adapt)
  return new Map([...own, ...fromApps].map((method) => [method.name, method]))
}

function adapt(method: WhitelistedMethod): HttpMethod {
  return {
    name: method.name,
    ...(method.allowGuest ? { allowGuest: true } : {}),
    ...(method.methods ? { methods: method.methods } : {}),
    run: ({ site, args }) => method.run(site, args),
  }
}
