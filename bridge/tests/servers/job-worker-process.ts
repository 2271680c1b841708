import { openJobQueue } from '../../src/platform/jobs/index.ts'
import { createLogger } from '../../src/platform/telemetry/index.ts'

/** `node job-worker-process.ts <Redis> <lock ms>`: takes two jobs, says so, and never finishes one. */
const [url = '', lockMs = ''] = process.argv.slice(2)
const queue = openJobQueue({
  backend: { kind: 'redis', url },
  logger: createLogger('silent'),
  concurrency: 2,
  lockMs: Number(lockMs),
})
queue.define<{ n: number }>({
  name: 'long',
  run: ({ n }) => {
    process.stdout.write(`took ${n}\n`)
    return new Promise(() => undefined)
  },
})
await queue.start()
process.stdout.write('ready\n')
