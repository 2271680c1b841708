/** Someone signed in at the site: their cookie session's own bearer. */
export async function siteBearer(site: string, user: string, password: string): Promise<string> {
  const credentials = new URLSearchParams({ usr: user, pwd: password })
  const login = await fetch(`${site}/api/method/login`, { method: 'POST', body: credentials })
  if (!login.ok) throw new Error(`${user} could not sign in at ${site}: ${login.status}.`)
  const pairs = login.headers.getSetCookie().map((line) => line.split(';')[0])
  const headers = { cookie: pairs.join('; ') }
  const page = await (await fetch(`${site}/app`, { headers })).text()
  const csrf = /csrf_token["']?\]?\s*=\s*["']([^"']+)["']/.exec(page)?.[1] ?? ''
  const granted = await fetch(`${site}/api/method/steward.api.session.grant`, {
    method: 'POST',
    headers: { ...headers, 'X-Frappe-CSRF-Token': csrf, 'content-type': 'application/json' },
    body: '{}',
  })
  const body = (await granted.json()) as { message?: { access_token: string } }
  if (!body.message) throw new Error(`No grant for ${user}: ${granted.status}.`)
  return body.message.access_token
}

/** Calls the bridge as someone. */
export class Person {
  readonly bearer: string
  readonly #bridge: string
  readonly #token: string

  private constructor(bearer: string, bridge: string, token: string) {
    this.bearer = bearer
    this.#bridge = bridge
    this.#token = token
  }

  static async signIn(site: string, bridge: string, user: string, password: string) {
    const bearer = await siteBearer(site, user, password)
    const exchanged = await fetch(`${bridge}/v1/session/exchange`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ access_token: bearer }),
    })
    const session = (await exchanged.json()) as { access_token: string }
    return new Person(bearer, bridge, session.access_token)
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return (await (await this.#send(path, body, 'application/json')).json()) as T
  }

  /** Asks in a new conversation; `seen` gets the time of each event's arrival. */
  async ask(text: string, seen: (event: string) => void): Promise<void> {
    const { id } = await this.post<{ id: string }>('/conversations', {})
    await this.askIn(id, text, seen)
  }

  async askIn(conversation: string, text: string, seen: (event: string) => void): Promise<void> {
    const path = `/conversations/${conversation}/messages`
    const answer = await this.#send(path, { text }, 'text/event-stream')
    if (!answer.body) throw new Error('No stream came.')
    let rest = ''
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + chunk).split('\n\n')
      rest = frames.pop() ?? ''
      for (const frame of frames) seen(/^event: (.*)$/m.exec(frame)?.[1] ?? '')
    }
  }

  async #send(path: string, body: unknown, accept: string): Promise<Response> {
    const answer = await fetch(`${this.#bridge}/v1${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        accept,
      },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
}
