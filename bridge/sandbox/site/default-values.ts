import type { SiteState } from './inner-site.ts'

interface Memo {
  version: number
  values: Map<string, string>
}

const memos = new WeakMap<SiteState, Memo>()

/** A user's own default, else the site's (`tabDefaultValue`, parent `__default`). */
export function defaultFor(state: SiteState, user: string, key: string): string | null {
  const { values } = currentMemo(state)
  return values.get(`${user}\u0000${key}`) ?? values.get(`__default\u0000${key}`) ?? null
}

function currentMemo(state: SiteState): Memo {
  const table = state.store.table('DefaultValue')
  let memo = memos.get(state)
  if (memo?.version !== table.version) {
    const entries = [...table.rows()].map(
      (row) => [`${row.parent}\u0000${row.defkey}`, String(row.defvalue ?? '')] as const,
    )
    memo = { version: table.version, values: new Map(entries) }
    memos.set(state, memo)
  }
  return memo
}
