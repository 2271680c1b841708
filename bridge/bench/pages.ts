/**
 * The pages as a person first meets them, in headless Chromium with an empty cache on the sandbox:
 * what is loaded, how long until one can type, and what bridge and sandbox hold when idle.
 */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser } from 'playwright-core'
import { rounded, percentile, rssOf } from './bridge/statistics.ts'
import { Stack } from './bridge/stack.ts'
import { composer } from '../tests/browser/support/conversation.ts'

const TIMES = 5
const PERSON = ['nadia@example.com', 'steward-nadia-1'] as const
const IDLE_MS = 10_000

interface Visit {
  usable: number
  scripts: number
  styles: number
}

const stack = new Stack()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  await measure()
} finally {
  await browser.close()
  await stack.stop()
}

async function measure(): Promise<void> {
  const port = 8761
  const sandbox = await stack.startSandbox({
    STEWARD_SANDBOX_PAGES: join(import.meta.dirname, '../../desk-ui/dist'),
    STEWARD_SANDBOX_BRIDGE_URL: `http://127.0.0.1:${port}`,
  })
  const bridge = await stack.startBridge(stack.siteUrl, { STEWARD_PORT: `${port}` })
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  const idle = { bridge: rssOf(bridge.child.pid), sandbox: rssOf(sandbox.pid) }
  const visits = []
  for (let n = 0; n < TIMES; n += 1) visits.push(await visit(browser, stack.siteUrl))
  console.log(`First load of /steward, ${TIMES} visits. Limits: 250 kB of JS, usable in 1,500 ms.`)
  console.table({
    'JS, gzipped kB': rounded(Math.max(...visits.map((one) => one.scripts)) / 1000),
    'CSS, gzipped kB': rounded(Math.max(...visits.map((one) => one.styles)) / 1000),
    'usable, median ms': rounded(
      percentile(
        visits.map((one) => one.usable),
        0.5,
      ),
    ),
    'usable, slowest ms': rounded(Math.max(...visits.map((one) => one.usable))),
  })
  console.log('Memory when idle after the start, in MB of RSS. Limit: 350 together.')
  console.table({ ...idle, together: idle.bridge + idle.sandbox })
}

/** A browser that was never here, already signed in at the site. */
async function visit(on: Browser, site: string): Promise<Visit> {
  const context = await on.newContext()
  const page = await context.newPage()
  const bodies = { script: [] as Promise<number>[], stylesheet: [] as Promise<number>[] }
  await context.request.post(`${site}/api/method/login`, {
    form: { usr: PERSON[0], pwd: PERSON[1] },
  })
  page.on('response', (response) => {
    const type = response.request().resourceType()
    if (type === 'script' || type === 'stylesheet')
      bodies[type].push(response.body().then((body) => gzipSync(body).length))
  })
  const start = performance.now()
  await page.goto(`${site}/steward`)
  await composer(page).and(page.locator(':enabled')).waitFor()
  const usable = performance.now() - start
  const sum = async (sizes: Promise<number>[]) =>
    (await Promise.all(sizes)).reduce((total, size) => total + size, 0)
  const seen = { usable, scripts: await sum(bodies.script), styles: await sum(bodies.stylesheet) }
  await context.close()
  return seen
}
