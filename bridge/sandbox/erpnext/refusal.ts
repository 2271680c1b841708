import { SiteError } from '../site/index.ts'

/** Frappe's own classes, which know their HTTP status; ERPNext's are all validation errors. */
const FRAPPE_TYPES = new Set(['DoesNotExistError', 'PermissionError', 'DuplicateEntryError'])

/** Throws as `frappe.throw` does: the exception class and a sentence for the person. */
export function refuse(message: string, excType = 'ValidationError', title?: string): never {
  throw new SiteError(excType, message, {
    ...(title ? { title } : {}),
    ...(FRAPPE_TYPES.has(excType) ? {} : { status: 417 }),
  })
}
