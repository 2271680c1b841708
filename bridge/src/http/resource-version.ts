import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { canonicalJson } from '../shared/canonical-json.ts'
import { StewardError } from '../shared/errors.ts'

/** Strong entity tag of a resource: equal as long as nothing of what the API shows has changed. */
function entityTag(resource: unknown): string {
  const hash = createHash('sha256').update(canonicalJson(resource)).digest('base64url')
  return `"${hash.slice(0, 27)}"`
}

/**
 * Sends the resource's ETag. True when the client has this version already and was told so with 304
 * (RFC 9110, If-None-Match; weak comparison).
 */
export function isKnownVersion(req: Request, res: Response, resource: unknown): boolean {
  const tag = entityTag(resource)
  res.setHeader('ETag', tag)
  const known = tagsOf(req.get('If-None-Match')).map((each) => each.replace(/^W\//, ''))
  const matches = known.includes(tag) || known.includes('*')
  if (req.method !== 'GET' || !matches) return false
  res.status(304).end()
  return true
}

/**
 * Throws `precondition_failed` when the client's If-Match names another version than `current`, the
 * resource as it is inside the transaction that changes it. Without the header anything goes.
 */
export function requireVersion(req: Request, current: unknown): void {
  const header = req.get('If-Match')
  if (header === undefined) return
  const tags = tagsOf(header)
  if (tags.includes('*') || tags.includes(entityTag(current))) return
  throw new StewardError(
    'precondition_failed',
    'This was changed since you read it. Read it again, and repeat the change if it is still wanted.',
    { details: { etag: entityTag(current) } },
  )
}

function tagsOf(header: string | undefined): string[] {
  return header?.match(/\*|(?:W\/)?"[^"]*"/g) ?? []
}
