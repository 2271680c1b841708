import type { Document } from '../site/contract.ts'

/** A document as REST sends it: what is null is left out, in child rows too. */
export function withoutNulls(document: Document): Record<string, unknown> {
  const entries = Object.entries(document)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => [key, Array.isArray(value) ? value.map(withoutNulls) : value] as const)
  return Object.fromEntries(entries)
}

/** Arguments may be JSON text, as form fields are, or already values. */
export function parseMaybeJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = value.trim()
  if (!/^[[{"]/.test(text) && !/^(true|false|null|-?\d+(\.\d+)?)$/.test(text)) return value
  try {
    return JSON.parse(text) as unknown
  } catch {
    return value
  }
}
