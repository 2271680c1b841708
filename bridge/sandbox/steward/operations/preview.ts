import type { PreviewResult, SiteRefusal } from '../../../src/shared/site-protocol.ts'
import type { DeferredEffect, SiteContext } from '../../site/contract.ts'
import { perform } from './perform.ts'
import { recorded } from './recorder.ts'
import { refusalOf } from './refusal.ts'
import type { Operation } from './request.ts'
import { Run } from './run.ts'

/** Does the list, looks at it, and rolls it back. Nothing remains. */
export function previewOperations(operations: Operation[], site: SiteContext): PreviewResult {
  const { result, deferred } = site.dryRun(() =>
    recorded(site, (recorder) => {
      const run = new Run(operations, perform, recorder, site)
      try {
        site.guard('preview', () => run.performAll())
        return { answer: previewed(run), run }
      } catch (error) {
        return { answer: refused(run, error, site), run }
      }
    }),
  )
  site.messages.splice(0)
  nameDeferred(result.run, deferred)
  return result.answer
}

export function previewed(run: Run): PreviewResult & { status: 'previewed' } {
  return {
    status: 'previewed',
    hash: run.hash(),
    operations: run.steps.map((step) => step.preview()),
  }
}

/** Mail and webhooks are told with the operation whose document they are about, else with the last. */
export function nameDeferred(run: Run, deferred: DeferredEffect[]): void {
  for (const { kind, description } of deferred) {
    const about = run.steps.findLast((step) => step.name && description.includes(step.name))
    const step = about ?? run.steps.at(-1)
    step?.preview().deferred.push({ kind, description })
  }
}

export function refused(run: Run, error: unknown, site: SiteContext): Refused {
  return { status: 'refused', refusal: refusalOf(error, run.at, site) }
}

export interface Refused {
  status: 'refused'
  refusal: SiteRefusal
}

export function refusedAsList(message: string): Refused {
  const refusal: SiteRefusal = {
    operation_id: null,
    exc_type: 'PermissionError',
    message,
    code: 'permission',
  }
  return { status: 'refused', refusal }
}
