import {
  type CompiledQuery,
  DefaultQueryExecutor,
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  Transaction,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'
import type pg from 'pg'
import { StewardError } from '../../shared/errors.ts'
import { pipelined, type Statement } from './pipelined-query.ts'
import type { DatabaseSchema } from './schema.ts'

const BEGIN: Statement = { text: 'begin', values: [] }

/**
 * Runs transactions on the connections of a pool. `opening` goes to the server together with a
 * transaction's first statement, so that it costs no round trip of its own.
 */
export class Transactions {
  readonly #pool: pg.Pool
  readonly #dialect: PostgresDialect
  readonly #compiler = new PostgresQueryCompiler()
  readonly #adapter = new PostgresAdapter()
  readonly #driver: Driver

  constructor(pool: pg.Pool) {
    this.#pool = pool
    this.#dialect = new PostgresDialect({ pool })
    this.#driver = this.#dialect.createDriver()
  }

  /** Any number of statements; all of them take effect when `run` resolves, none when it rejects. */
  async transaction<T>(
    opening: Statement,
    run: (tx: Transaction<DatabaseSchema>) => Promise<T>,
  ): Promise<T> {
    const client = await this.#pool.connect()
    const connection = new OpeningConnection(client, [BEGIN, opening])
    try {
      const result = await run(this.#transactionOn(connection))
      if (connection.opened) await commit(client)
      client.release()
      return result
    } catch (error) {
      const broken = connection.opened ? await rollBack(client) : undefined
      client.release(broken)
      throw error
    }
  }

  /** Exactly one statement in one round trip; it is its own transaction. */
  async statement<T>(
    opening: Statement,
    run: (tx: Transaction<DatabaseSchema>) => Promise<T>,
  ): Promise<T> {
    const client = await this.#pool.connect()
    try {
      return await run(this.#transactionOn(new SingleConnection(client, [opening])))
    } finally {
      client.release()
    }
  }

  #transactionOn(connection: DatabaseConnection): Transaction<DatabaseSchema> {
    return new Transaction<DatabaseSchema>({
      config: { dialect: this.#dialect },
      dialect: this.#dialect,
      driver: this.#driver,
      executor: new DefaultQueryExecutor(this.#compiler, this.#adapter, {
        provideConnection: (consumer) => consumer(connection),
      }),
    })
  }
}

class OpeningConnection implements DatabaseConnection {
  opened = false
  readonly #client: pg.PoolClient
  readonly #opening: Statement[]

  constructor(client: pg.PoolClient, opening: Statement[]) {
    this.#client = client
    this.#opening = opening
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const statement = { text: query.sql, values: query.parameters }
    if (this.opened) return resultOf(await this.#client.query(query.sql, [...query.parameters]))
    this.opened = true
    return resultOf(await pipelined(this.#client, this.#opening, statement))
  }

  streamQuery(): never {
    throw new StewardError('internal', 'Results are read whole here.')
  }
}

/** Refuses a second statement, which would run without the first one's protection. */
class SingleConnection extends OpeningConnection {
  override executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.opened) throw new StewardError('internal', 'One statement was announced, not two.')
    return super.executeQuery(query)
  }
}

function resultOf<R>(result: pg.QueryResult): QueryResult<R> {
  const changes = result.command !== 'SELECT' && result.rowCount !== null
  return {
    rows: result.rows as R[],
    ...(changes && { numAffectedRows: BigInt(result.rowCount ?? 0) }),
  }
}

/** PostgreSQL answers a commit with ROLLBACK when a statement of the transaction had failed. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit')
  if (command === 'ROLLBACK')
    throw new StewardError('internal', 'A statement of this transaction had failed.')
}

/** The reason to give the connection up, when not even this worked. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
