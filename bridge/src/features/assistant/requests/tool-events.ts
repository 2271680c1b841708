import type { Ids } from '../../../shared/ids.ts'
import type { ToolName } from '../tools/tool-contract.ts'
import type { ToolObserver } from '../tools/tool-runner.ts'
import { TOOL_LABELS } from '../tools/tool-summary.ts'
import type { EventLog } from './event-log.ts'

const MOST_CHARACTERS = 4_000

/** Shows each tool call as events of the request; `clean` makes words of a model or a site harmless. */
export function toolEvents(log: EventLog, ids: Ids, clean: (text: string) => string): ToolObserver {
  return {
    started: (name, args) => {
      const call_id = ids.next('tool_call')
      const long = JSON.stringify(args).length > MOST_CHARACTERS
      const label = TOOL_LABELS[name as ToolName]
      log.append({
        type: 'tool.started',
        call_id,
        name,
        label,
        arguments: long ? { note: 'left out, too long' } : args,
      })
      return call_id
    },
    finished: (call_id, ok, summary) => {
      const short = clean(summary.slice(0, 500))
      log.append({ type: 'tool.finished', call_id, ok, summary: short })
    },
  }
}
