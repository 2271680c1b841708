import type { Controller, SiteContext } from './contract.ts'
import type { FileContents } from './file-contents.ts'
import type { MetaRegistry } from './metas.ts'
import type { SiteClock } from './site-clock.ts'
import type { Store } from './store.ts'

/** What all requests of a site share. */
export interface SiteState {
  readonly name: string
  readonly store: Store
  readonly metas: MetaRegistry
  readonly clock: SiteClock
  readonly contents: FileContents
  controllersOf(doctype: string): Controller[]
}

/** The context as the site's own code sees it: with the state behind it. */
export interface InnerSite extends SiteContext {
  readonly state: SiteState
}
