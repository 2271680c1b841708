import { aggregate } from './aggregate-tool.ts'
import { describeDoctype, findDoctype } from './find-tool.ts'
import { listRecords } from './list-tool.ts'
import {
  proposeAction,
  proposeAmend,
  proposeCreate,
  proposeMapped,
  proposeUpdate,
} from './propose-tools.ts'
import { readRecord } from './read-tool.ts'
import { listReports, runReport } from './report-tool.ts'
import { search } from './search-tool.ts'
import type { ToolContext, Tools } from './tool-context.ts'
import type {
  ToolAnswer,
  ToolArguments,
  ToolName,
  ToolResults,
  ToolRunner,
} from './tool-contract.ts'
import { ToolFailure, toolErrorOf } from './tool-failure.ts'
import { toolSummary } from './tool-summary.ts'
import { TOOL_SCHEMAS } from './tool-schemas.ts'

const TOOLS: Tools = {
  find_doctype: findDoctype,
  describe_doctype: describeDoctype,
  list_records: listRecords,
  read_record: readRecord,
  aggregate,
  list_reports: listReports,
  run_report: runReport,
  search,
  propose_create: proposeCreate,
  propose_update: proposeUpdate,
  propose_submit: proposeAction('submit'),
  propose_cancel: proposeAction('cancel'),
  propose_amend: proposeAmend,
  propose_delete: proposeAction('delete'),
  propose_mapped: proposeMapped,
  ask_person: async (context, args) => {
    const question = {
      text: args.text,
      options: (args.options ?? []).map((option) => ({
        value: option.value,
        label: option.label,
        description: option.description ?? null,
      })),
      slot: args.slot ?? null,
    }
    context.ask(question)
    return { asked: question }
  },
}

/** Told of each call, for the request's events. */
export interface ToolObserver {
  started(name: string, args: Record<string, unknown>): string
  finished(callId: string, ok: boolean, summary: string): void
}

/** Runs tools as the person of `context`; one call at a time, in the order they came. */
export function createToolRunner(context: ToolContext, observer: ToolObserver): ToolRunner {
  let previous: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = previous.then(work)
    previous = result.catch(() => undefined)
    return result
  }
  return {
    call: (name, args) => inTurn(() => observed(context, observer, name, args)),
    callUnchecked: (name, argumentsJson) =>
      inTurn(async () => {
        const checked = checkCall(name, argumentsJson)
        if (!checked.ok) return checked
        return observed(context, observer, checked.name, checked.args)
      }),
    openCard: (listId) => context.proposals.openCard(listId),
    replaceCard: (listId) => inTurn(() => context.proposals.replace(listId)),
  }
}

async function observed<N extends ToolName>(
  context: ToolContext,
  observer: ToolObserver,
  name: N,
  args: ToolArguments[N],
): Promise<ToolAnswer<N>> {
  const callId = observer.started(name, args as Record<string, unknown>)
  const answer = await answerOf(context, name, args)
  const summary = answer.ok ? toolSummary(name, answer.result) : answer.error.message
  observer.finished(callId, answer.ok, summary)
  return answer
}

async function answerOf<N extends ToolName>(
  context: ToolContext,
  name: N,
  args: ToolArguments[N],
): Promise<ToolAnswer<N>> {
  try {
    const run = TOOLS[name] as (
      context: ToolContext,
      args: ToolArguments[N],
    ) => Promise<ToolResults[N]>
    return { ok: true, result: await run(context, args) }
  } catch (error) {
    const body = toolErrorOf(error)
    if (!body) throw error
    return { ok: false, error: body }
  }
}

type Checked =
  | { ok: true; name: ToolName; args: ToolArguments[ToolName] }
  | { ok: false; error: { code: string; exc_type: null; message: string } }

function checkCall(name: string, argumentsJson: string): Checked {
  if (!isToolName(name)) {
    return failure(new ToolFailure('unknown_tool', `There is no tool "${name}".`))
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(argumentsJson === '' ? '{}' : argumentsJson)
  } catch {
    return failure(new ToolFailure('invalid_arguments', 'The arguments are not valid JSON.'))
  }
  const checked = TOOL_SCHEMAS[name].safeParse(parsed)
  if (checked.success) return { ok: true, name, args: checked.data }
  const issues = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  return failure(new ToolFailure('invalid_arguments', issues.join('; ')))
}

function failure(error: ToolFailure): Checked {
  return {
    ok: false,
    error: { code: error.toolCode, exc_type: null, message: error.message },
  }
}

function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOL_SCHEMAS, name)
}
