import { StewardError } from '../../../shared/errors.ts'

interface Running {
  controller: AbortController
  done: Promise<void>
}

/** The requests this process is running: stops one, or waits for all. */
export class RunningRequests {
  private readonly running = new Map<string, Running>()
  private closed = false

  /** Starts `work` under the request's id; refused once the process is stopping. */
  start(
    requestId: string,
    deadlineMs: number,
    work: (signal: AbortSignal, abort: (reason: Error) => void) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(deadlineError()), deadlineMs)
    const done = work(controller.signal, (reason) => controller.abort(reason)).finally(() => {
      clearTimeout(timer)
      this.running.delete(requestId)
    })
    this.running.set(requestId, { controller, done })
    return done
  }

  refuseWhenStopping(): void {
    if (this.closed)
      throw new StewardError('unavailable', 'Steward is restarting; try again in a moment.')
  }

  /** Stops a request of this process and waits for its end; false when it runs elsewhere. */
  async cancel(requestId: string): Promise<boolean> {
    const running = this.running.get(requestId)
    if (!running) return false
    running.controller.abort(cancelledError())
    await running.done
    return true
  }

  ids(): string[] {
    return [...this.running.keys()]
  }

  /** Stops a request that is no longer this process's. */
  lose(requestId: string): void {
    const reason = new StewardError('conflict', 'Another process took this request over.')
    this.running.get(requestId)?.controller.abort(reason)
  }

  /** Lets requests finish for `graceMs`, then stops what is left, which ends as failed. */
  async close(graceMs: number): Promise<void> {
    this.closed = true
    const all = [...this.running.values()]
    const timer = setTimeout(() => {
      for (const { controller } of all) controller.abort(interruptedError())
    }, graceMs)
    await Promise.allSettled(all.map(({ done }) => done))
    clearTimeout(timer)
  }
}

export function cancelledError(): StewardError {
  return new StewardError('cancelled', 'The request was cancelled.')
}

export function interruptedError(): StewardError {
  return new StewardError(
    'unavailable',
    'Steward was restarted while it worked on this. Ask again.',
    {
      details: { reason: 'interrupted' },
    },
  )
}

function deadlineError(): StewardError {
  return new StewardError('deadline_exceeded', 'This took longer than a request may take.')
}
