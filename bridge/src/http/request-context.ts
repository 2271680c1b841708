import { randomUUID } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'
import type { Logger } from '../platform/telemetry/index.ts'

const REQUEST_ID = /^[\w.-]{8,80}$/

/** Gives every request an id (the caller's own when it is sane) and a logger that carries it. */
export function requestContext(logger: Logger) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const given = req.get('X-Request-Id')
    const id = given && REQUEST_ID.test(given) ? given : randomUUID()
    res.locals.request_id = id
    res.locals.parent_logger = logger
    res.setHeader('X-Request-Id', id)
    next()
  }
}

/** The logger that carries the request's id, made when something is logged. */
export function requestLogger(res: Response): Logger {
  const { parent_logger: parent, request_id } = res.locals as {
    parent_logger: Logger
    request_id: string
  }
  res.locals.logger ??= parent.child({ http_request_id: request_id })
  return res.locals.logger as Logger
}

/** True when `debug` lines of this request would be written. */
export function logsDebug(res: Response): boolean {
  return (res.locals.parent_logger as Logger).isLevelEnabled('debug')
}

/** Aborted when the client leaves before the answer is complete. */
export function clientSignal(res: Response): AbortSignal {
  const existing = res.locals.client_signal as AbortSignal | undefined
  if (existing) return existing
  const controller = new AbortController()
  res.on('close', () => {
    if (!res.writableFinished) controller.abort()
  })
  res.locals.client_signal = controller.signal
  return controller.signal
}
