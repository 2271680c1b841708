/**
 * `npm run doctor`: checks the configured site and everything the bridge stands on, end to end, and
 * says for each what is well or what to mend. Exit code 0 when nothing needs mending.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { examine } from './doctor/examine.ts'

const LABEL = { ok: 'OK  ', note: 'NOTE', mend: 'MEND' }

const file = process.env.STEWARD_ENV_FILE ?? join(import.meta.dirname, '../.env')
if (existsSync(file)) process.loadEnvFile(file)
const findings = await examine(process.env)
for (const { what, state, detail } of findings) console.log(`${LABEL[state]}  ${what}: ${detail}`)
process.exit(findings.some((finding) => finding.state === 'mend') ? 1 : 0)
