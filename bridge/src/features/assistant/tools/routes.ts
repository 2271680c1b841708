import { z } from 'zod'
import type { ApiRouter } from '../../../http/index.ts'
import { StewardError } from '../../../shared/errors.ts'
import { actorOf } from '../actor.ts'
import type { PersonDirectory, SiteAccess } from '../ports.ts'
import { tableSchema } from '../schema.ts'
import { listRecords } from './list-tool.ts'
import { runReport } from './report-tool.ts'
import type { SiteKnowledge } from './site-knowledge.ts'
import { decodeHandle } from './table-handle.ts'
import type { ToolContext } from './tool-context.ts'

interface TableDependencies {
  sites: SiteAccess
  people: PersonDirectory
  knowledge: SiteKnowledge
}

/** Reading on in a table needs no model: the same tool runs again, as the person who asks. */
export function registerTableRoutes(api: ApiRouter, dependencies: TableDependencies): void {
  api.route({
    method: 'get',
    path: '/tables/{handle}',
    summary: 'The next rows of a capped table',
    tags: ['Assistant'],
    auth: 'session',
    params: z.object({ handle: z.string().min(1).max(8_000) }),
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(100) }),
    response: { 200: tableSchema },
    handler: async ({ auth, params, query }) => {
      const actor = actorOf(auth)
      const context: ToolContext = {
        actor,
        session: await dependencies.sites.asPerson(actor),
        knowledge: dependencies.knowledge,
        currency: (await dependencies.people.identity(actor)).currency,
        proposals: { add: readOnly, idOf: () => null, openCard: readOnly, replace: readOnly },
        ask: () => undefined,
      }
      const { handle } = params
      const { tool } = decodeHandle(handle)
      const { table } =
        tool === 'list_records'
          ? await listRecords(context, { doctype: '', handle, limit: query.limit })
          : await runReport(context, { report: '', handle, limit: query.limit })
      return table
    },
  })
}

function readOnly(): never {
  throw new StewardError('forbidden', 'Reading a table proposes nothing.')
}
