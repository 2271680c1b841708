import { randomBytes } from 'node:crypto'
import { documentOf, SiteClient } from './site-client.ts'
import type { Answer } from './site-client.ts'
import { openTarget } from './target.ts'
import type { Target } from './target.ts'

export interface Member {
  user: string
  password: string
  client: SiteClient
}

/** A target with helpers that make test records and take all of them away again. */
export class Workshop {
  readonly target: Target
  readonly admin: SiteClient
  /** Part of every name made here, so that runs don't meet. */
  readonly tag = randomBytes(3).toString('hex')
  readonly #made: { doctype: string; name: string }[] = []

  constructor(target: Target) {
    this.target = target
    this.admin = target.admin
  }

  static async open(): Promise<Workshop> {
    return new Workshop(await openTarget())
  }

  get url(): string {
    return this.target.url
  }

  /** Creates as administrator and remembers it for the end. */
  async make(doctype: string, values: Record<string, unknown>): Promise<Record<string, unknown>> {
    const document = documentOf(await this.#create(doctype, values))
    this.remember(doctype, String(document.name))
    return document
  }

  /** On a busy site a save may lose a deadlock; that rolled it back, so it is tried again. */
  async #create(doctype: string, values: Record<string, unknown>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.admin.create(doctype, values)
      const lost = ['QueryDeadlockError', 'QueryTimeoutError'].includes(
        String(answer.json?.exc_type),
      )
      if (!lost || attempt === 5) return answer
    }
  }

  remember(doctype: string, name: string): void {
    this.#made.push({ doctype, name })
  }

  /** A user with these roles, signed in. */
  async member(word: string, roles: string[]): Promise<Member> {
    const user = `steward-${word}-${this.tag}@example.com`
    const password = `Steward-${this.tag}-1!`
    await this.make('User', {
      email: user,
      first_name: `Steward ${word}`,
      user_type: 'System User',
      send_welcome_email: 0,
      enabled: 1,
      new_password: password,
      roles: roles.map((role) => ({ role })),
    })
    return { user, password, client: await SiteClient.login(this.url, user, password) }
  }

  /**
   * Deletes what was made, newest first, cancelling what was submitted. What ERPNext keeps for good
   * (an invoice that has ledger entries, and whom it names) stays cancelled or is disabled.
   */
  async close(): Promise<void> {
    for (const { doctype, name } of this.#made.reverse()) await this.#remove(doctype, name)
    await this.target.stop()
  }

  async #remove(doctype: string, name: string): Promise<void> {
    const answer = await this.admin.read(doctype, name)
    if (answer.status !== 200) return
    if (doctype === 'User') await this.#removeTokens(name)
    if (documentOf(answer).docstatus === 1) {
      await this.admin.request('POST', '/api/method/frappe.client.cancel', { doctype, name })
    }
    if ((await this.admin.delete(doctype, name)).status === 202) return
    if (doctype === 'User') await this.admin.update(doctype, name, { enabled: 0 })
    if (doctype === 'Customer' || doctype === 'Item') {
      await this.admin.update(doctype, name, { disabled: 1 })
    }
  }

  async #removeTokens(user: string): Promise<void> {
    for (const doctype of ['Steward Grant', 'OAuth Bearer Token', 'OAuth Authorization Code']) {
      const rows = await this.admin.list(doctype, {
        filters: [['user', '=', user]],
        limit_page_length: 0,
      })
      for (const row of rows) await this.admin.delete(doctype, String(row.name))
    }
  }
}
