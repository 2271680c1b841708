import type { SiteMessage } from './contract.ts'

/** HTTP status of Frappe's exception classes; everything not named here is a programming error: 500. */
const STATUS_BY_TYPE: Record<string, number> = {
  CSRFTokenError: 400,
  InvalidAuthorizationHeader: 400,
  InvalidAuthorizationPrefix: 400,
  InvalidAuthorizationToken: 400,
  AuthenticationError: 401,
  SessionExpired: 401,
  PermissionError: 403,
  DoesNotExistError: 404,
  PageDoesNotExistError: 404,
  NameError: 409,
  DuplicateEntryError: 409,
  TooManyRequestsError: 429,
  RateLimitExceededError: 429,
  SessionStopped: 503,
  InReadOnlyMode: 503,
  QueueOverloaded: 503,
}

/** Classes below ValidationError in Frappe; all answer 417. */
const VALIDATION_TYPES = new Set([
  'ValidationError',
  'FrappeTypeError',
  'DataError',
  'InvalidStatusError',
  'MandatoryError',
  'NonNegativeError',
  'CannotChangeConstantError',
  'CharacterLengthExceededError',
  'UpdateAfterSubmitError',
  'LinkValidationError',
  'CancelledLinkError',
  'DocstatusTransitionError',
  'TimestampMismatchError',
  'EmptyTableError',
  'LinkExistsError',
  'InvalidEmailAddressError',
  'InvalidNameError',
  'InvalidPhoneNumberError',
  'UniqueValidationError',
  'ImplicitCommitError',
  'DocumentLockedError',
  'DocumentAlreadyRestored',
  'AttachmentLimitReached',
  'MaxFileSizeReachedError',
  'InvalidUrlError',
])

export interface SiteErrorOptions {
  title?: string
  /** Set when Frappe raises the class bare: then no `_server_messages` entry is made. */
  silent?: boolean
  /** `_error_message` beside the envelope: "No permission for ToDo". */
  summary?: string
  /** Overrides the status of the class; ERPNext's own classes are ValidationErrors. */
  status?: number
}

/** An exception of the site, by the name of Frappe's class. */
export class SiteError extends Error {
  readonly excType: string
  readonly status: number
  readonly title: string | undefined
  readonly silent: boolean
  readonly summary: string | undefined

  constructor(excType: string, message: string, options: SiteErrorOptions = {}) {
    super(message)
    this.name = excType
    this.excType = excType
    this.status = options.status ?? statusOf(excType)
    this.title = options.title
    this.silent = options.silent ?? false
    this.summary = options.summary
  }

  /** The message `frappe.throw` leaves for the person. */
  toMessage(): SiteMessage & { raise_exception?: 1 } {
    return {
      message: this.message,
      title: this.title ?? 'Message',
      // What a permission check logs is a plain message, not a raised one.
      ...(this.summary ? {} : { indicator: 'red', raise_exception: 1 as const }),
    }
  }
}

function statusOf(excType: string): number {
  return STATUS_BY_TYPE[excType] ?? (VALIDATION_TYPES.has(excType) ? 417 : 500)
}

export function validationError(message: string, options?: SiteErrorOptions): SiteError {
  return new SiteError('ValidationError', message, options)
}

export function permissionError(message: string, options?: SiteErrorOptions): SiteError {
  return new SiteError('PermissionError', message, options)
}

/** `frappe.has_permission(throw=True)`: the reason as a message, the summary beside it. */
export function notPermitted(reason: string, target: string): SiteError {
  return new SiteError('PermissionError', reason, { summary: `No permission for ${target}` })
}

export function doesNotExist(doctype: string, name: string): SiteError {
  return new SiteError('DoesNotExistError', `${doctype} ${name} not found`)
}
