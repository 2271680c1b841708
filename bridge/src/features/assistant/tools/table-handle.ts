import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import { ToolFailure } from './tool-failure.ts'

/** How to read on in a capped answer. It grants nothing: whoever uses it reads as themselves. */
export interface TableHandle {
  tool: 'list_records' | 'run_report'
  args: Record<string, unknown>
  /** Rows shown so far. */
  start: number
  /** The row that was shown last: what follows it is the next page, whatever came in between. */
  after?: { value: string | number; name: string }
}

const LIMIT_CHARACTERS = 8_000
const LIMIT_BYTES = 64_000

const handleSchema = z.strictObject({
  tool: z.enum(['list_records', 'run_report']),
  args: z.record(z.string(), z.unknown()),
  start: z.number().int().min(0).max(1_000_000),
  after: z.strictObject({ value: z.union([z.string(), z.number()]), name: z.string() }).optional(),
})

/** Null when the query is too long to carry along. */
export function encodeHandle(handle: TableHandle): string | null {
  const text = `t1.${deflateRawSync(JSON.stringify(handle)).toString('base64url')}`
  return text.length > LIMIT_CHARACTERS ? null : text
}

export function decodeHandle(text: string): TableHandle {
  try {
    if (!text.startsWith('t1.') || text.length > LIMIT_CHARACTERS) throw new Error('not a handle')
    const packed = Buffer.from(text.slice(3), 'base64url')
    const json = inflateRawSync(packed, { maxOutputLength: LIMIT_BYTES }).toString()
    return handleSchema.parse(JSON.parse(json))
  } catch {
    throw new ToolFailure('invalid_handle', 'This is not a handle that an earlier table gave.')
  }
}
