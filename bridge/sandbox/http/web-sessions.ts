import { randomBytes } from 'node:crypto'

export interface WebSession {
  id: string
  user: string
  /** Made when a page asks for it; from then on unsafe requests must carry it. */
  csrfToken: string | null
}

/** Cookie sessions. They live beside the transactions: a rolled-back request keeps its session. */
export class WebSessions {
  readonly #sessions = new Map<string, WebSession>()
  /** Moves with every change. */
  version = 0

  start(user: string): WebSession {
    const session = { id: randomBytes(28).toString('hex'), user, csrfToken: null }
    this.#sessions.set(session.id, session)
    this.version += 1
    return session
  }

  find(id: string | undefined): WebSession | null {
    return (id && this.#sessions.get(id)) || null
  }

  csrfToken(session: WebSession): string {
    if (session.csrfToken) return session.csrfToken
    session.csrfToken = randomBytes(28).toString('hex')
    this.version += 1
    return session.csrfToken
  }

  end(id: string): void {
    this.#sessions.delete(id)
    this.version += 1
  }

  snapshot(): WebSession[] {
    return [...this.#sessions.values()]
  }

  load(sessions: WebSession[]): void {
    for (const session of sessions) this.#sessions.set(session.id, session)
  }
}
