import pg from 'pg'

/** How a process uses a database server: `shared` with others through Redis, or `alone`. */
export type DatabaseUse = 'shared' | 'alone'

/** Says to other processes how this one uses the database, for as long as it lives. */
export interface DatabaseClaim {
  /** False while another process stands in the way, or the server does not answer. */
  holds(): Promise<boolean>
  close(): Promise<void>
}

/** The advisory lock of a database that says so, "steward" in ASCII. */
export const CLAIM_LOCK = 0x73746577617264n

const TAKE = {
  shared: 'select pg_try_advisory_lock_shared($1::bigint) as taken',
  alone: 'select pg_try_advisory_lock($1::bigint) as taken',
}

/**
 * Claims the server at `url` by an advisory lock on a connection of its own, which the server frees
 * when the process dies however it dies. Any number share; one that uses it alone is alone.
 */
export function claimDatabase(url: string, use: DatabaseUse): DatabaseClaim {
  let client: pg.Client | null = null
  let taken = false
  const forget = () => {
    client = null
    taken = false
  }
  const take = async (): Promise<boolean> => {
    if (!client) {
      const fresh = new pg.Client({ connectionString: url, keepAlive: true })
      fresh.on('error', forget)
      await fresh.connect()
      client = fresh
    }
    if (taken) await client.query('select 1')
    else
      taken =
        (await client.query<{ taken: boolean }>(TAKE[use], [CLAIM_LOCK])).rows[0]?.taken === true
    return taken
  }
  let asking: Promise<boolean> | null = null
  return {
    holds: () => {
      asking ??= take()
        .catch(() => {
          forget()
          return false
        })
        .finally(() => (asking = null))
      return asking
    },
    close: async () => {
      await asking
      await client?.end()
    },
  }
}
