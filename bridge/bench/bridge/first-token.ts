import { CHUNK, startStream, startUpstream } from '../gateway-upstream.ts'
import { Person } from './person.ts'
import type { Stack } from './stack.ts'
import { now, percentile, rounded } from './statistics.ts'

const USER = ['ivy@example.com', 'steward-ivy-1'] as const
const TEXT = 'Explain in your own words how our three best customers developed and what that means'
const WARM_UP = 10
const TIMES = 60

/** From the model's first token leaving its server to its event reaching the client. */
export async function firstToken(stack: Stack): Promise<Record<string, number>> {
  let sent = 0
  const upstream = await startUpstream((res) => {
    startStream(res)
    setTimeout(() => {
      sent = now()
      res.write(CHUNK.text('Certainly. '))
      setTimeout(() => res.end(CHUNK.text('Done.') + CHUNK.stop + CHUNK.usage + CHUNK.done), 15)
    }, 20)
  })
  const { url } = await stack.startBridge(stack.siteUrl, {
    STEWARD_OPENAI_COMPATIBLE_URL: upstream.url,
    STEWARD_ALLOW_PRIVATE_ENDPOINTS: 'true',
    STEWARD_SMALL_MODELS: 'openai_compatible/mock-1',
    STEWARD_LARGE_MODELS: 'openai_compatible/mock-1',
    STEWARD_FREE_MODELS: 'openai_compatible/mock-1',
  })
  const person = await Person.signIn(stack.siteUrl, url, ...USER)
  const took: number[] = []
  for (let n = 0; n < WARM_UP + TIMES; n += 1) {
    let arrived = 0
    await person.ask(TEXT, (event) => {
      if (event === 'text.delta' && arrived === 0) arrived = now()
    })
    if (arrived === 0) throw new Error('The model was not asked.')
    if (n >= WARM_UP) took.push(arrived - sent)
  }
  await upstream.close()
  return {
    requests: took.length,
    p50: rounded(percentile(took, 0.5)),
    p99: rounded(percentile(took, 0.99)),
  }
}
