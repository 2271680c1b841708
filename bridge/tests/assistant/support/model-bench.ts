import type { AssistantPorts } from '../../../src/features/assistant/index.ts'
import { PEOPLE } from '../../support/sample-people.ts'
import { startBench, type Bench, type BenchOptions } from './assistant-bench.ts'
import {
  startScriptedModel,
  type Reply,
  type ScriptedModel,
  type WireMessage,
} from './scripted-model.ts'
import { SitePeople, type SitePerson } from './site-people.ts'

export interface ModelBench {
  bench: Bench
  model: ScriptedModel
  /** Who asks: Ivy, on a real sandbox site. */
  person: SitePerson
  stop(): Promise<void>
}

export interface ModelBenchOptions {
  answer: (messages: WireMessage[]) => Reply
  brain: BenchOptions['brain']
  route: AssistantPorts['router']['route']
}

/** The assistant for one person of a sandbox site, with a model that answers what the test says. */
export async function startModelBench(options: ModelBenchOptions): Promise<ModelBench> {
  const people = await SitePeople.start()
  const person = await people.signIn(PEOPLE.user)
  const model = await startScriptedModel(options.answer)
  const bench = await startBench({
    brain: options.brain,
    session: () => person.session,
    ports: {
      gateway: model.gateway,
      router: { route: options.route, correct: async () => undefined },
      people: { identity: async () => person.identity },
    },
  })
  return {
    bench,
    model,
    person,
    stop: async () => {
      await bench.stop()
      await model.stop()
      await people.stop()
    },
  }
}
