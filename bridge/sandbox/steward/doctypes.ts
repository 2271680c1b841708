import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DoctypeDefinition, FieldDefinition } from '../site/contract.ts'

const folder = fileURLToPath(
  new URL('../../../frappe-app/steward/steward/doctype/', import.meta.url),
)

/** Steward's own doctypes, from the very files that the Frappe app installs. */
export const stewardDoctypes: DoctypeDefinition[] = readdirSync(folder)
  .map((name) => join(folder, name, `${name}.json`))
  .filter((file) => existsSync(file))
  .sort()
  .map((file) => JSON.parse(readFileSync(file, 'utf8')) as DoctypeDefinition)

/** Keys of Frappe's JSON that only some doctypes have and the sandbox's types do not name. */
export function isWrittenBySite(definition: DoctypeDefinition): boolean {
  return (definition as { in_create?: number }).in_create === 1
}

export function isVirtual(part: DoctypeDefinition | FieldDefinition): boolean {
  return (part as { is_virtual?: number }).is_virtual === 1
}
