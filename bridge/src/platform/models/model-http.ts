import { Agent, fetch as undiciFetch, type Dispatcher } from 'undici'
import type { AddressGuard } from './address-guard.ts'
import { ModelFailure } from './model-failure.ts'
import type { ProviderConnection } from './model-port.ts'
import { remembered } from './remembered.ts'

/** Connections to providers: kept alive, without time-outs of their own, never following redirects. */
export interface ModelHttp {
  /** The checked base address (its path without a closing slash) and the pool to call it with. */
  target(connection: ProviderConnection): { base: URL; dispatcher: Dispatcher }
  /** A `fetch` for a provider's SDK, under the same rules. */
  fetchFor(connection: ProviderConnection): typeof fetch
  close(): Promise<void>
}

export interface ModelHttpOptions {
  guard: AddressGuard
  connect_timeout_ms: number
  /** Sockets kept per provider. */
  connections: number
}

export function createModelHttp(options: ModelHttpOptions): ModelHttp {
  const guarded = createAgent(options, true)
  const open = createAgent(options, false)
  const trusted = remembered((url) => withoutClosingSlash(new URL(url)))
  const checked = remembered((url) => withoutClosingSlash(options.guard.checkUrl(url)))
  const agentFor = (connection: ProviderConnection): Agent =>
    connection.trusted_address ? open : guarded
  return {
    target: (connection) => {
      if (connection.base_url === null) {
        throw new ModelFailure('invalid_request', `${connection.name} has no address.`, {
          provider: connection.name,
        })
      }
      const base = connection.trusted_address
        ? trusted(connection.base_url)
        : checked(connection.base_url)
      return { base, dispatcher: agentFor(connection) }
    },
    fetchFor: (connection) => fetchFor(connection, options.guard, agentFor(connection)),
    close: async () => {
      await Promise.all([guarded.destroy(), open.destroy()])
    },
  }
}

function withoutClosingSlash(url: URL): URL {
  url.pathname = url.pathname.replace(/\/+$/, '')
  return url
}

/** Deadlines are the gateway's, so the pool's own time-outs are off except for connecting. */
function createAgent(options: ModelHttpOptions, checked: boolean): Agent {
  return new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    connections: options.connections,
    connect: {
      timeout: options.connect_timeout_ms,
      ...(checked ? { lookup: options.guard.lookup } : {}),
    },
  })
}

/** The providers' own addresses go by the platform's fetch; an address somebody gave is guarded. */
function fetchFor(connection: ProviderConnection, guard: AddressGuard, agent: Agent): typeof fetch {
  if (connection.base_url === null) {
    return (input, init) => fetch(input, { ...init, redirect: 'error' })
  }
  if (!connection.trusted_address) guard.checkUrl(connection.base_url)
  const guardedFetch = (input: string | URL, init?: Parameters<typeof undiciFetch>[1]) =>
    undiciFetch(input, { ...init, redirect: 'error', dispatcher: agent })
  return guardedFetch as unknown as typeof fetch
}
