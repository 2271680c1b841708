import { parseArgs } from 'node:util'
import { startApp, type ProcessRole } from './app.ts'
import { loadConfig } from './config/index.ts'
import { isStewardError } from './shared/errors.ts'

const ROLES: ProcessRole[] = ['api', 'worker', 'all']

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { role: { type: 'string', default: 'all' } } })
  const role = ROLES.find((known) => known === values.role)
  if (!role) throw new Error(`--role must be one of ${ROLES.join(', ')}.`)
  const app = await startApp(loadConfig(process.env), { role })
  // The parent of `npm start` waits for this line.
  process.send?.({ listening: app.url })
  let stopping = false
  const stop = (signal: string) => {
    if (stopping) return
    stopping = true
    app.logger.info({ signal }, 'stopping')
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        app.logger.error({ err: error }, 'did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch((error: unknown) => {
  console.error(isStewardError(error) ? error.message : error)
  process.exit(1)
})
