import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

/** `npm run test:site -- --url … --user … --password …`: the same tests, on a real site. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    user: { type: 'string', default: 'Administrator' },
    password: { type: 'string' },
  },
})

if (!values.url || values.password === undefined) {
  process.stderr.write(
    'Usage: npm run test:site -- --url <site> --user <System Manager> --password <password> [file …]\n',
  )
  process.exit(2)
}

// One file at a time: a real site is shared with people, and its workers are few.
const files = positionals.length ? positionals : ['bridge/tests/site']
const child = spawn('npx', ['vitest', 'run', '--maxWorkers=1', ...files], {
  stdio: 'inherit',
  env: {
    ...process.env,
    STEWARD_SITE_URL: values.url.replace(/\/$/, ''),
    STEWARD_SITE_USER: values.user,
    STEWARD_SITE_PASSWORD: values.password,
  },
})
child.on('exit', (code) => process.exit(code ?? 1))
