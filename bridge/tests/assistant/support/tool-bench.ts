import { systemClock } from '../../../src/shared/clock.ts'
import { randomIds } from '../../../src/shared/ids.ts'
import type { Question } from '../../../src/shared/assistant-protocol.ts'
import { ProposalCollector } from '../../../src/features/assistant/operations/proposal-collector.ts'
import { createSiteKnowledge } from '../../../src/features/assistant/tools/site-knowledge.ts'
import { createToolRunner } from '../../../src/features/assistant/tools/tool-runner.ts'
import type {
  ToolAnswer,
  ToolArguments,
  ToolName,
  ToolResults,
  ToolRunner,
} from '../../../src/features/assistant/tools/tool-contract.ts'
import type { SitePerson } from './site-people.ts'

export interface ToolBench {
  tools: ToolRunner
  proposals: ProposalCollector
  questions: Question[]
  /** The result, or the failure as an error. */
  ok<N extends ToolName>(name: N, args: ToolArguments[N]): Promise<ToolResults[N]>
  /** The failure's code and message. */
  fails<N extends ToolName>(name: N, args: ToolArguments[N]): Promise<string>
}

/** The tools of one turn as this person. */
export function toolBench(person: SitePerson): ToolBench {
  const questions: Question[] = []
  const proposals = new ProposalCollector({
    requestId: randomIds.next('request'),
    session: person.session,
    ids: randomIds,
    clock: systemClock,
  })
  const tools = createToolRunner(
    {
      actor: person.actor,
      session: person.session,
      knowledge: createSiteKnowledge(systemClock),
      currency: person.identity.currency,
      proposals,
      ask: (question) => questions.push(question),
    },
    { started: () => 'call', finished: () => undefined },
  )
  const call = <N extends ToolName>(name: N, args: ToolArguments[N]): Promise<ToolAnswer<N>> =>
    tools.call(name, args)
  return {
    tools,
    proposals,
    questions,
    ok: async (name, args) => {
      const answer = await call(name, args)
      if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
      return answer.result
    },
    fails: async (name, args) => {
      const answer = await call(name, args)
      if (answer.ok) throw new Error(`${name} did not fail`)
      return `${answer.error.code}: ${answer.error.message}`
    },
  }
}
