import pg from 'pg'

export interface Statement {
  text: string
  values: readonly unknown[]
  /** Kept by the server under this name, parsed and planned once for each connection. */
  name?: string
}

/** The parts of pg's Query that this one builds on; @types/pg leaves them out. */
interface QueryInternals {
  callback: (error: Error | null, result: pg.QueryResult) => void
  prepare(connection: ExtendedProtocol): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: unknown): void
}

interface ExtendedProtocol {
  submittedNamedStatements: Record<string, string>
  parse(statement: { text: string; name?: string }): void
  bind(portal: { values: readonly unknown[]; statement?: string }): void
  execute(portal: object): void
}

const Query = pg.Query as unknown as new (
  config: Statement & { queryMode: 'extended' },
) => QueryInternals & pg.Submittable

/**
 * A statement with others ahead of it, all sent in one exchange with the server. Without a
 * transaction around it the exchange is one: all of its statements take effect, or none.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
class PipelinedQuery extends Query {
  readonly #ahead: readonly Statement[]
  /** Statements ahead whose answer has not ended yet. */
  #unanswered: number

  constructor(ahead: readonly Statement[], statement: Statement) {
    super({ ...statement, queryMode: 'extended' })
    this.#ahead = ahead
    this.#unanswered = ahead.length
  }

  override prepare(connection: ExtendedProtocol): void {
    for (const statement of this.#ahead) {
      parseOnce(connection, statement)
      connection.bind({ values: statement.values, statement: statement.name })
      connection.execute({})
    }
    super.prepare(connection)
  }

  override handleDataRow(message: unknown): void {
    if (this.#unanswered === 0) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (this.#unanswered === 0) super.handleCommandComplete(message, connection)
    else this.#unanswered -= 1
  }
}

/** pg remembers under the same key what it named itself. */
function parseOnce(connection: ExtendedProtocol, { text, name }: Statement): void {
  if (name && connection.submittedNamedStatements[name] !== undefined) return
  connection.parse({ text, name })
  if (name) connection.submittedNamedStatements[name] = text
}

/** Runs `statement` after those `ahead` in one round trip; only its own result comes back. */
export function pipelined(
  client: pg.ClientBase,
  ahead: readonly Statement[],
  statement: Statement,
): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const query = new PipelinedQuery(ahead, statement)
    query.callback = (error, result) => {
      if (!error) return resolve(result)
      // The trace that leads to the caller says more than the socket's.
      Error.captureStackTrace(error)
      reject(error)
    }
    client.query(query)
  })
}
