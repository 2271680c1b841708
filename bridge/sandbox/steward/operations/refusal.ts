import type { SiteRefusal } from '../../../src/shared/site-protocol.ts'
import type { SiteContext } from '../../site/contract.ts'
import { SiteError } from '../../site/index.ts'

type Code = SiteRefusal['code']

const CODES: Record<string, Code> = {
  PermissionError: 'permission',
  MandatoryError: 'mandatory',
  LinkValidationError: 'link',
  CancelledLinkError: 'link',
  LinkExistsError: 'link',
  TimestampMismatchError: 'conflict',
  DocumentLockedError: 'conflict',
  DoesNotExistError: 'not_found',
  NameError: 'validation',
  DuplicateEntryError: 'validation',
  InnerCommitError: 'inner_commit',
  BackgroundJobError: 'background_job',
  OutboundCallError: 'outbound_http',
}

const GUARD_CODES = new Set<Code>(['inner_commit', 'background_job', 'outbound_http'])

/** Why the site would not do it, in its own words; anything that is no refusal is thrown on. */
export function refusalOf(
  error: unknown,
  operationId: string | null,
  site: SiteContext,
): SiteRefusal {
  if (!(error instanceof SiteError)) throw error
  const code = CODES[error.excType] ?? (error.status === 417 ? 'validation' : 'other')
  const isGuard = GUARD_CODES.has(code)
  return {
    operation_id: operationId,
    exc_type: isGuard ? 'GuardViolation' : error.excType,
    message: messageOf(error, code, site),
    code,
  }
}

export function refuse(message: string, excType = 'ValidationError'): never {
  throw new SiteError(excType, message)
}

/** HTML as lines of plain text. */
export function plain(html: string): string {
  return html
    .replace(/<br\s*\/?>|<\/li>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n')
}

/** The only calls to other servers that the sandbox knows. */
const FOR_A_RATE =
  'It looks for an exchange rate there. Give the Exchange Rate with the request, or create a Currency Exchange record first.'

/** What is missing is told field by field, in messages; everything else in the exception. */
function messageOf(error: SiteError, code: Code, site: SiteContext): string {
  const told = site.messages.map((entry) => plain(entry.message)).filter(Boolean)
  if (code === 'mandatory' && told.length) return told.join('\n')
  if (code === 'outbound_http') {
    return [plain(error.message), FOR_A_RATE, ...told.slice(-1)].join(' ')
  }
  return plain(error.message) || told.at(-1) || error.excType
}
