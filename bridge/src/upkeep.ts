import type { AssistantFeature } from './features/assistant/index.ts'
import type { KeptAnswers } from './http/index.ts'
import type { Platform } from './open-platform.ts'

/** Each process says so often that its requests still run; four missed beats mean it died. */
const ALIVE_MS = 10_000
const FORGET_KEYS_MS = 3_600_000

/** Upkeep that any replica may do, each at its own pace. */
export function defineUpkeep(
  platform: Platform,
  assistant: AssistantFeature,
  kept: KeptAnswers,
  canPublish: boolean,
): void {
  const { jobs } = assistant
  define(platform, 'fail_interrupted', 30_000, jobs.fail_interrupted)
  define(platform, 'settle_approvals', 15_000, jobs.settle_approvals)
  if (canPublish) define(platform, 'publish_requests', 10_000, jobs.publish_requests)
  define(platform, 'forget_idempotency_keys', FORGET_KEYS_MS, () => kept.forgetOld())
}

function define(
  platform: Platform,
  name: string,
  everyMs: number,
  run: () => Promise<unknown>,
): void {
  platform.jobs.define({ name, everyMs, attempts: 1, run: async () => void (await run()) })
}

/** Begins the beat of this process; the answer ends it. */
export function startBeat(platform: Platform, assistant: AssistantFeature): () => void {
  const timer = setInterval(() => void sayAlive(platform, assistant), ALIVE_MS)
  return () => clearInterval(timer)
}

/** A beat that fails (database away) is due again at the next; the log shows that it was missed. */
async function sayAlive(platform: Platform, assistant: AssistantFeature): Promise<void> {
  try {
    await assistant.jobs.say_alive()
  } catch (error) {
    platform.logger.warn({ err: error }, 'could not say that this process is alive')
  }
}
