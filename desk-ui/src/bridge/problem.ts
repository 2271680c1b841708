import type { ErrorCode } from '../../../bridge/src/shared/errors.ts'

/** An answer of the bridge (or of the network) that is not the wished one, with its stable code. */
export class Problem extends Error {
  readonly status: number
  readonly code: ErrorCode | 'offline'
  readonly details: Record<string, unknown>

  constructor(
    status: number,
    code: ErrorCode | 'offline',
    message: string,
    details: Record<string, unknown> = {},
  ) {
    super(message)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.details = details
  }
}

/** Reads an RFC 9457 body; a body that is none still becomes a sentence. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null)
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const text = [fields.detail, fields.title].find((part) => typeof part === 'string' && part !== '')
  return new Problem(
    response.status,
    (typeof fields.code === 'string' ? fields.code : 'internal') as ErrorCode,
    typeof text === 'string' ? text : `The bridge answered ${response.status}.`,
    (typeof fields.details === 'object' && fields.details !== null ? fields.details : {}) as Record<
      string,
      unknown
    >,
  )
}

/** One sentence for a person, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.'
}
