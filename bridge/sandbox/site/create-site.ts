import type { Controller, RequestIdentity, SandboxApp, SiteContext } from './contract.ts'
import { addStateField, frappeApp } from './core/index.ts'
import { openFileContents } from './file-contents.ts'
import type { SiteState } from './inner-site.ts'
import { MetaRegistry } from './metas.ts'
import { SiteClock } from './site-clock.ts'
import { SiteSession } from './site-session.ts'
import { Store } from './store.ts'
import type { StoreSnapshot } from './store.ts'

interface SiteOptions {
  name?: string
  timeZone?: string
  clock?: () => Date
  /** Folder for the bytes of uploaded files; in memory when absent. */
  filesFolder?: string
  /** State to start from instead of seeding. */
  snapshot?: StoreSnapshot
}

/** A running site. Everything happens in `run`: one transaction, kept or undone as a whole. */
export interface Site {
  readonly name: string
  readonly state: SiteState
  readonly apps: readonly SandboxApp[]
  /** Commits when `work` returns, undoes all when it throws. */
  run<T>(user: string, work: (site: SiteSession) => T, identity?: RequestIdentity): T
  /** Like `run`, but undoes also on success: what a GET does. */
  read<T>(user: string, work: (site: SiteSession) => T, identity?: RequestIdentity): T
  /** Hash of each table, of the series and of the secrets. */
  checksums(): Record<string, string>
}

export function createSite(apps: SandboxApp[], options: SiteOptions = {}): Site {
  const all = [frappeApp, ...apps]
  const state = openState(all, options)
  const site: Site = {
    name: state.name,
    state,
    apps: all,
    run: (user, work, identity) => runTransaction(state, user, work, identity, true),
    read: (user, work, identity) => runTransaction(state, user, work, identity, false),
    checksums: () => state.store.checksums(),
  }
  registerDoctypes(state)
  if (options.snapshot) load(state, options.snapshot)
  else seed(site)
  return site
}

/** What was kept, with the fields that workflows had added to doctypes. */
function load(state: SiteState, snapshot: StoreSnapshot): void {
  state.store.load(snapshot)
  for (const row of state.store.table('Workflow').rows()) addStateField(state, row)
}

function openState(apps: SandboxApp[], options: SiteOptions): SiteState {
  const store = new Store()
  const metas = new MetaRegistry()
  for (const app of apps) for (const definition of app.doctypes) metas.add(definition)
  const controllers = collectControllers(apps)
  const everywhere = controllers.get('*') ?? []
  return {
    name: options.name ?? 'sandbox.localhost',
    store,
    metas,
    clock: new SiteClock(options.clock ?? (() => new Date()), options.timeZone ?? 'UTC'),
    contents: openFileContents(store.log, options.filesFolder ?? null),
    controllersOf: (doctype) => [...(controllers.get(doctype) ?? []), ...everywhere],
  }
}

/** Controllers of several apps for one doctype all run, in the order of the apps. */
function collectControllers(apps: SandboxApp[]): Map<string, Controller[]> {
  const controllers = new Map<string, Controller[]>()
  for (const app of apps) {
    for (const [doctype, controller] of Object.entries(app.controllers)) {
      controllers.set(doctype, [...(controllers.get(doctype) ?? []), controller])
    }
  }
  return controllers
}

/** Doctypes can be listed and linked to as documents of DocType; they come from code, not from seed. */
function registerDoctypes(state: SiteState): void {
  const session = SiteSession.open(state, 'Administrator')
  for (const { definition } of state.metas.all()) {
    session.dbInsert({ ...pickColumns(definition), doctype: 'DocType', name: definition.name })
  }
  state.store.log.commit()
}

function pickColumns(definition: object): Record<string, unknown> {
  const {
    fields: _fields,
    permissions: _permissions,
    ...columns
  } = definition as Record<string, unknown>
  return columns
}

function seed(site: Site): void {
  for (const app of site.apps) {
    const fill = app.seed?.bind(app)
    if (fill) site.run('Administrator', (session: SiteContext) => fill(session))
  }
}

function runTransaction<T>(
  state: SiteState,
  user: string,
  work: (site: SiteSession) => T,
  identity: RequestIdentity | undefined,
  keep: boolean,
): T {
  const session = SiteSession.open(state, user, identity)
  try {
    const result = work(session)
    if (keep) session.commit()
    return result
  } finally {
    session.transaction.rollback()
  }
}
