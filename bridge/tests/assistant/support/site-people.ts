import { createSiteClient, type SiteClient } from '../../../src/platform/frappe/index.ts'
import { createMetrics } from '../../../src/platform/telemetry/index.ts'
import type { Actor, SiteSession } from '../../../src/features/assistant/ports.ts'
import { STEWARD_METHODS, type SiteIdentity } from '../../../src/shared/site-protocol.ts'
import { startTestSandbox } from '../../support/start-test-bridge.ts'
import { grant, logIn } from '../../support/people.ts'
import type { Sandbox } from '../../../sandbox/index.ts'

export interface SitePerson {
  actor: Actor
  session: SiteSession
  identity: SiteIdentity
  /** Methods and lists called so far, in order. */
  calls: string[]
}

/** The sandbox and signed-in people of it, each with their own bearer. */
export class SitePeople {
  readonly sandbox: Sandbox
  readonly client: SiteClient

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox
    this.client = createSiteClient({
      url: sandbox.url,
      siteName: null,
      concurrency: 8,
      timeoutMs: 1_500,
      metrics: createMetrics(),
      oauth: null,
    })
  }

  static async start(): Promise<SitePeople> {
    return new SitePeople(await startTestSandbox())
  }

  async signIn(person: { user: string; password: string }): Promise<SitePerson> {
    const login = await logIn(this.sandbox.url, person.user, person.password)
    const access_token = await grant(this.sandbox.url, login)
    const calls: string[] = []
    const session = counted(this.client.as({ kind: 'bearer', access_token }), calls)
    const identity = await session.call<SiteIdentity>(STEWARD_METHODS.whoami, {})
    calls.length = 0
    const actor: Actor = {
      site_id: 'site_1',
      team_id: 'team_1',
      person: person.user,
      role: 'user',
      session_id: null,
    }
    return { actor, session, identity, calls }
  }

  async stop(): Promise<void> {
    this.client.close()
    await this.sandbox.stop()
  }
}

function counted(session: SiteSession, calls: string[]): SiteSession {
  return {
    call: (method, args, options) => {
      calls.push(method)
      return session.call(method, args, options)
    },
    list: (doctype, query, options) => {
      calls.push(`list ${doctype}`)
      return session.list(doctype, query, options)
    },
    get: (doctype, name, options) => {
      calls.push(`get ${doctype}`)
      return session.get(doctype, name, options)
    },
    scan: (doctype, fields, options) => session.scan(doctype, fields, options),
  }
}
