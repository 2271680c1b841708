import type { PGlite } from '@electric-sql/pglite'

/** Messages of the extended query protocol that a Sync of the same client has to follow. */
const OPENS_EXCHANGE = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)))

/**
 * The socket server lets other clients in between any two messages unless a transaction is open.
 * All clients share one session, and with it the unnamed statement: a Bind could meet the Parse of
 * somebody else. Seen through this, an exchange from Parse to Sync counts as a transaction too, so
 * that the server completes it before it listens to anybody else.
 * Protocol: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export function wholeExchanges(db: PGlite): PGlite {
  let open = false
  const overrides: Partial<PGlite> = {
    isInTransaction: () => open || db.isInTransaction(),
    execProtocolRawStream: async (message, options) => {
      await db.execProtocolRawStream(message, options)
      open = OPENS_EXCHANGE.has(message[0] ?? 0)
    },
    exec: (query, options) => {
      // How the server tidies up after a client that left in the middle.
      open = false
      return db.exec(query, options)
    },
  }
  return new Proxy(db, {
    get: (target, key) => {
      const value = Reflect.get(overrides, key) ?? Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
