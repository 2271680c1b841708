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
import { StatementNames } from './statement-names.ts'

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
  readonly #names = new StatementNames()

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
    const connection = new SingleConnection(client, [opening], this.#names)
    try {
      return await run(this.#transactionOn(connection))
    } finally {
      client.release(connection.outdated)
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
    if (!this.opened) return this.open(query, undefined)
    return resultOf(await this.#client.query(query.sql, [...query.parameters]))
  }

  protected async open<R>(
    { sql: text, parameters: values }: CompiledQuery,
    name: string | undefined,
  ): Promise<QueryResult<R>> {
    this.opened = true
    return resultOf(await pipelined(this.#client, this.#opening, { text, values, name }))
  }

  streamQuery(): never {
    throw new StewardError('internal', 'Results are read whole here.')
  }
}

/** Refuses a second statement, which would run without the first one's protection. */
class SingleConnection extends OpeningConnection {
  /** True when the tables have changed since its statements were planned. */
  outdated = false
  readonly #names: StatementNames

  constructor(client: pg.PoolClient, opening: Statement[], names: StatementNames) {
    super(client, opening)
    this.#names = names
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.opened) throw new StewardError('internal', 'One statement was announced, not two.')
    try {
      return await this.open<R>(query, this.#names.of(query.sql))
    } catch (error) {
      if (!isOutdatedPlan(error)) throw error
      this.outdated = true
      return this.open<R>(query, undefined)
    }
  }
}

/** A column was added to what a planned statement answers with; it has done nothing then. */
function isOutdatedPlan(error: unknown): boolean {
  const message = 'cached plan must not change result type'
  return error instanceof Error && 'code' in error && error.message === message
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
