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

  start(user: string): WebSession {
    const session = { id: randomBytes(28).toString('hex'), user, csrfToken: null }
    this.#sessions.set(session.id, session)
    return session
  }

  find(id: string | undefined): WebSession | null {
    return (id && this.#sessions.get(id)) || null
  }

  csrfToken(session: WebSession): string {
    session.csrfToken ??= randomBytes(28).toString('hex')
    return session.csrfToken
  }

  end(id: string): void {
    this.#sessions.delete(id)
  }

  endAllOf(user: string): WebSession[] {
    const ended = [...this.#sessions.values()].filter((session) => session.user === user)
    for (const session of ended) this.#sessions.delete(session.id)
    return ended
  }

  snapshot(): WebSession[] {
    return [...this.#sessions.values()]
  }

  load(sessions: WebSession[]): void {
    for (const session of sessions) this.#sessions.set(session.id, session)
  }
}
