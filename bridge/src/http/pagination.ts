import { z } from 'zod'
import { StewardError } from '../shared/errors.ts'

/** `?cursor=&limit=` of every list. */
export const pageQuery = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** `{ data, next_cursor }` of `item`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() })
}

/** Opaque cursor of a sort key. */
export function encodeCursor(key: string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The sort key in a cursor of ours; anything else is refused. */
export function decodeCursor(cursor: string, length: number): string[] {
  try {
    return z
      .array(z.string())
      .length(length)
      .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch (cause) {
    throw new StewardError('invalid_request', 'The cursor is not one this list gave out.', {
      cause,
    })
  }
}
