import type { NextFunction, Request, Response } from 'express'

const METHODS = 'GET,POST,PUT,PATCH,DELETE'
const HEADERS =
  'authorization,content-type,idempotency-key,if-match,if-none-match,last-event-id,x-request-id,accept'
const EXPOSED =
  'etag,idempotent-replayed,x-request-id,ratelimit,ratelimit-policy,retry-after,location,x-steward-request-id'

/** Pages of exactly these origins may call; no wildcard, no credentials in cookies. */
export function cors(allowed: ReadonlySet<string>) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const origin = req.get('Origin')
    // The first to say it: nothing else's is lost.
    res.setHeader('Vary', 'Origin')
    if (origin && allowed.has(origin)) {
      res.setHeader('Access-Control-Allow-Origin', origin)
      res.setHeader('Access-Control-Expose-Headers', EXPOSED)
    }
    if (req.method === 'OPTIONS' && req.get('Access-Control-Request-Method')) {
      res.setHeader('Access-Control-Allow-Methods', METHODS)
      res.setHeader('Access-Control-Allow-Headers', HEADERS)
      res.setHeader('Access-Control-Max-Age', '600')
      res.status(204).end()
      return
    }
    next()
  }
}
