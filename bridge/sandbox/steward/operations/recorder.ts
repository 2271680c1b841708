import type { Controller, Document, SiteContext } from '../../site/contract.ts'

type Written = [doctype: string, name: string]

/** Which documents a run writes, in order. */
export class Recorder {
  readonly inserted: Written[] = []
  readonly updated: Written[] = []
  readonly deleted: Written[] = []

  /** Where each list stands now, to tell later what one operation added. */
  marks(): { inserted: number; updated: number; deleted: number } {
    const { inserted, updated, deleted } = this
    return { inserted: inserted.length, updated: updated.length, deleted: deleted.length }
  }
}

const FLAG = 'steward_recorder'

/** Runs `work` with a recorder that the hooks below write to. */
export function recorded<T>(site: SiteContext, work: (recorder: Recorder) => T): T {
  const outer = site.flags[FLAG]
  const recorder = new Recorder()
  site.flags[FLAG] = recorder
  try {
    return work(recorder)
  } finally {
    site.flags[FLAG] = outer
  }
}

/** Hooks of every doctype, as the app's guard wraps Frappe's own writes. */
export const recordingHooks: Controller = {
  afterInsert: (document, site) => note(site, 'inserted', document),
  onUpdate(document, site, before) {
    if (before) note(site, 'updated', document)
  },
  onCancel: (document, site) => note(site, 'updated', document),
  onUpdateAfterSubmit: (document, site) => note(site, 'updated', document),
  afterDelete: (document, site) => note(site, 'deleted', document),
}

function note(
  site: SiteContext,
  list: 'inserted' | 'updated' | 'deleted',
  document: Document,
): void {
  const recorder = site.flags[FLAG]
  if (recorder instanceof Recorder) recorder[list].push([document.doctype, document.name])
}
