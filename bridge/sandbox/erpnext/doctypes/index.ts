import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DoctypeDefinition } from '../../site/contract.ts'

const folder = dirname(fileURLToPath(import.meta.url))

/** ERPNext's everyday doctypes: one JSON file each, in the keys of Frappe's own DocType JSON. */
export const doctypes: DoctypeDefinition[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as DoctypeDefinition)
