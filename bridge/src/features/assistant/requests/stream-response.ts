import type { Response } from 'express'
import { openEventStream } from '../../../http/index.ts'
import type { RequestRow } from './request-store.ts'
import { followRequest, type StreamDependencies, type StreamOptions } from './request-stream.ts'

/**
 * Sends the events of a request until its turn (or all of it) is over or the client leaves. The
 * subscription stands when this returns its promise, so a request started afterwards loses nothing.
 */
export async function streamRequest(
  dependencies: StreamDependencies,
  res: Response,
  request: Pick<RequestRow, 'id' | 'site_id' | 'team_id'>,
  options: StreamOptions,
): Promise<void> {
  const key = { site_id: request.site_id, team_id: request.team_id, request_id: request.id }
  const events = followRequest(dependencies, key, options)
  const first = events.next()
  res.setHeader('X-Steward-Request-Id', request.id)
  const stream = openEventStream(res)
  try {
    for (let step = await first; !step.done; step = await events.next()) {
      const event = step.value
      stream.send({ id: String(event.seq), event: event.type, data: event })
    }
  } finally {
    stream.close()
  }
}
