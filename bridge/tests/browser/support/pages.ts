import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { erpnextApp } from '../../../sandbox/erpnext/index.ts'
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts'
import { stewardApp } from '../../../sandbox/steward/index.ts'
import { startTestBridge, type TestBridge } from '../../support/start-test-bridge.ts'

const PAGES = join(import.meta.dirname, '../../../../desk-ui/dist')
/** What Desk loads: the button and the panel. */
const PANEL = join(import.meta.dirname, '../../../../frappe-app/steward/public')
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

export interface Pages {
  sandbox: Sandbox
  bridge: TestBridge
  /** Addresses outside of site and bridge that any page asked for; there must never be one. */
  strangers: string[]
  /** Errors that pages threw. */
  errors: string[]
  /** A page of a browser of its own. */
  open(options?: BrowserContextOptions): Promise<Page>
  /** A page at `path` of someone who signed in through the site's own form. */
  signedIn(
    person: { user: string; password: string },
    path?: string,
    options?: BrowserContextOptions,
  ): Promise<Page>
  stop(): Promise<void>
}

/** Sandbox, bridge and Chromium, as a person has them: pages from the site, answers from the bridge. */
export async function startPages(
  environment: Record<string, string> = {},
  alsoOurs: string[] = [],
): Promise<Pages> {
  if (!existsSync(join(PAGES, 'index.html'))) throw new Error('Run `npm run build` first.')
  const sandbox = await startSandbox({
    port: 0,
    apps: [erpnextApp, stewardApp],
    staticFolder: PAGES,
    publicFolder: PANEL,
  })
  const bridge = await startTestBridge({ sandbox, environment })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: QUIET,
  })
  const strangers: string[] = []
  const errors: string[] = []
  const open = (options: BrowserContextOptions = {}) =>
    openPage(browser, [sandbox.url, bridge.url, ...alsoOurs], { strangers, errors }, options)
  return {
    sandbox,
    bridge,
    strangers,
    errors,
    open,
    signedIn: async (person, path = '/steward', options) => {
      const page = await open(options)
      await logIn(page, sandbox.url, person, path)
      return page
    },
    stop: async () => {
      await browser.close()
      await bridge.stop()
      await sandbox.stop()
    },
  }
}

async function openPage(
  browser: Browser,
  ours: string[],
  seen: { strangers: string[]; errors: string[] },
  options: BrowserContextOptions,
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (error) => seen.errors.push(error.message))
  page.on('request', (request) => {
    const url = request.url()
    const known = /^(data|blob):/.test(url) || ours.some((origin) => url.startsWith(`${origin}/`))
    if (!known) seen.strangers.push(url)
  })
  return page
}

async function logIn(
  page: Page,
  site: string,
  { user, password }: { user: string; password: string },
  path: string,
): Promise<void> {
  await page.goto(`${site}/login?redirect-to=${encodeURIComponent(path)}`)
  await page.getByLabel('Email').fill(user)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Login' }).click()
  await page.waitForURL((url) => url.pathname === path.split('?')[0])
}
