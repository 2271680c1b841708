/**
 * The table of variables in docs/configuration.md, made from the schema that reads them. `node
 * scripts/configuration-docs.ts` brings the page up to date; a test fails when it is not.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { environmentSchema, SECRET_VARIABLES } from '../bridge/src/config/index.ts'

const PAGE = join(import.meta.dirname, '../docs/configuration.md')
const BEGIN = '<!-- variables: made by scripts/configuration-docs.ts -->'
const END = '<!-- end of variables -->'

/** The page as it is, and as it should be. */
export async function configurationPage(): Promise<{ current: string; wanted: string }> {
  const current = await readFile(PAGE, 'utf8')
  const before = current.slice(0, current.indexOf(BEGIN) + BEGIN.length)
  const after = current.slice(current.indexOf(END))
  return { current, wanted: `${before}\n\n${variables()}\n${after}` }
}

function variables(): string {
  const secrets = new Set<string>(SECRET_VARIABLES)
  return Object.entries(environmentSchema.shape)
    .map(([name, field]) => {
      const facts = [defaultOf(field.safeParse(undefined).data), secrets.has(name) ? 'secret' : '']
      const notes = facts.filter(Boolean).join(', ')
      return `**\`${name}\`**${notes ? ` (${notes})` : ''}<br>\n${field.description ?? ''}\n`
    })
    .join('\n')
}

function defaultOf(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return ''
  return `default \`${String(value)}\``
}

if (import.meta.main) await writeFile(PAGE, (await configurationPage()).wanted)
