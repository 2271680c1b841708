import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SPARING, startProcess, stopAll, type Running } from '../../../scripts/start/processes.ts'

/** What the sandbox's process says when it is ready. */
interface SandboxReady {
  listening: string
  site_name: string
  service: { key: string; secret: string }
  oauth: { client_id: string; client_secret: string }
}

/** Sandbox and bridge as their own processes, as `npm start` runs them. */
export class Stack {
  readonly #children: Running<unknown>[] = []
  readonly #folders: string[] = []
  #sandbox: SandboxReady | null = null

  get siteUrl(): string {
    return this.#ready().listening
  }

  async startSandbox(environment: Record<string, string> = {}): Promise<Running<SandboxReady>> {
    const settings = { STEWARD_SANDBOX_PORT: '0', ...environment }
    const child = this.run<SandboxReady>('sandbox/main.ts', settings, SPARING)
    this.#sandbox = await child.ready
    return child
  }

  /** A bridge on `siteUrl` (the sandbox itself, or something in front of it), on a free port. */
  async startBridge(
    siteUrl: string,
    environment: Record<string, string> = {},
  ): Promise<{ url: string; child: Running<unknown> }> {
    const sandbox = this.#ready()
    const folder = await mkdtemp(join(tmpdir(), 'steward-bench-'))
    this.#folders.push(folder)
    const child = this.run<{ listening: string }>('src/main.ts', {
      STEWARD_PORT: '0',
      STEWARD_DATA_DIR: folder,
      STEWARD_LOG_LEVEL: 'error',
      STEWARD_SITE_URL: siteUrl,
      STEWARD_SITE_NAME: sandbox.site_name,
      STEWARD_SERVICE_KEY: sandbox.service.key,
      STEWARD_SERVICE_SECRET: sandbox.service.secret,
      STEWARD_OAUTH_CLIENT_ID: sandbox.oauth.client_id,
      STEWARD_OAUTH_CLIENT_SECRET: sandbox.oauth.client_secret,
      STEWARD_RATE_LIMIT_PER_MINUTE: '1000000',
      STEWARD_MONTHLY_REQUESTS: '1000000',
      ...environment,
    })
    return { url: (await child.ready).listening, child }
  }

  /** `file` of the bridge's folder as a process that is stopped with the rest. */
  run<T>(file: string, environment: Record<string, string>, flags: string[] = []): Running<T> {
    const path = join(import.meta.dirname, '../..', file)
    const child = startProcess<T>(file, path, environment, flags)
    this.#children.push(child)
    return child
  }

  async stop(): Promise<void> {
    await stopAll(this.#children)
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true })
  }

  #ready(): SandboxReady {
    if (!this.#sandbox) throw new Error('Start the sandbox first.')
    return this.#sandbox
  }
}
