/** Calls of one bridge with a person's token. */
export class BridgeCaller {
  readonly #url: string
  readonly #token: string

  constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.#url}/v1${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        ...init.headers,
      },
    })
  }

  async get<T>(path: string): Promise<T> {
    return bodyOf<T>(path, await this.fetch(path))
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return bodyOf<T>(path, await this.fetch(path, { method: 'POST', body: JSON.stringify(body) }))
  }
}

async function bodyOf<T>(path: string, answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
