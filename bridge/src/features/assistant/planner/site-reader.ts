import { StewardError, type ErrorCode } from '../../../shared/errors.ts'
import type { DoctypeDescription } from '../../../shared/site-protocol.ts'
import type { ToolArguments, ToolName, ToolResults, ToolRunner } from '../tools/tool-contract.ts'

/** The tools of one turn: failures are thrown, and what a site rarely changes is remembered. */
export interface SiteReader {
  call<N extends ToolName>(name: N, args: ToolArguments[N]): Promise<ToolResults[N]>
  describe(doctype: string): Promise<DoctypeDescription>
}

/** Descriptions by person and site words, over turns; the words' version changes with any metadata. */
export interface DescriptionCache {
  get(key: string): DoctypeDescription | undefined
  set(key: string, description: DoctypeDescription): void
}

export function createDescriptionCache(atMost = 2000): DescriptionCache {
  const entries = new Map<string, DoctypeDescription>()
  return {
    get: (key) => entries.get(key),
    set(key, description) {
      if (entries.size >= atMost) entries.delete(entries.keys().next().value!)
      entries.set(key, description)
    },
  }
}

/** `scope` tells persons and versions of a site's metadata apart. */
export function createSiteReader(
  tools: ToolRunner,
  cache: DescriptionCache,
  scope: string,
): SiteReader {
  // A name is looked for in several places; the site is asked once a turn.
  const searched = new Map<string, Promise<ToolResults['search']>>()

  async function call<N extends ToolName>(
    name: N,
    args: ToolArguments[N],
  ): Promise<ToolResults[N]> {
    if (name !== 'search') return ask(name, args)
    const key = JSON.stringify(args)
    const known = searched.get(key) ?? ask('search', args as ToolArguments['search'])
    searched.set(key, known)
    return known as Promise<ToolResults[N]>
  }

  async function ask<N extends ToolName>(name: N, args: ToolArguments[N]): Promise<ToolResults[N]> {
    const answer = await tools.call(name, args)
    if (answer.ok) return answer.result
    const { code, exc_type, message } = answer.error
    throw new StewardError(code as ErrorCode, message, { details: { exc_type, tool: name } })
  }
  return {
    call,
    async describe(doctype) {
      const key = `${scope}\n${doctype}`
      const known = cache.get(key)
      if (known) return known
      const description = await call('describe_doctype', { doctype })
      cache.set(key, description)
      return description
    },
  }
}
