import { isStewardError, StewardError } from '../../../shared/errors.ts'

/** What was wrong with a tool's arguments, so that whoever called it can do better. */
type ToolFailureCode =
  | 'unknown_tool'
  | 'invalid_arguments'
  | 'unknown_doctype'
  | 'unknown_field'
  | 'invalid_filter'
  | 'invalid_handle'
  | 'too_many_operations'
  | 'not_found'
  | 'ambiguous'

export class ToolFailure extends StewardError {
  readonly toolCode: ToolFailureCode

  constructor(toolCode: ToolFailureCode, message: string) {
    super('invalid_request', message)
    this.toolCode = toolCode
  }
}

export interface ToolErrorBody {
  code: string
  exc_type: string | null
  message: string
}

/** Failures a brain can react to; everything else (cancel, sign-in ended, a defect) ends the turn. */
export function toolErrorOf(error: unknown): ToolErrorBody | null {
  if (error instanceof ToolFailure) {
    return { code: error.toolCode, exc_type: null, message: error.message }
  }
  if (!isStewardError(error, ...REACTABLE)) return null
  const excType = error.details.exc_type
  return {
    code: error.code,
    exc_type: typeof excType === 'string' ? excType : null,
    message: error.message,
  }
}

const REACTABLE = [
  'invalid_request',
  'forbidden',
  'not_found',
  'conflict',
  'site_refused',
  'site_timeout',
  'site_busy',
  'site_unreachable',
] as const
