import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue'
import type { PreviewChange } from '../../preview-changes.ts'

type Changes = ComputedRef<ReadonlyMap<string, PreviewChange>>

const KEY: InjectionKey<Changes> = Symbol('changes of one preview')
const NONE: Changes = computed(() => new Map<string, PreviewChange>())

/** Lets everything inside of an operation mark what differs from what the person had seen. */
export function provideChanges(changesOf: () => PreviewChange[]): void {
  provide(
    KEY,
    computed(() => new Map(changesOf().map((change) => [change.place, change]))),
  )
}

/** What differs in a place of this operation, and what is not there any more of a kind of places. */
export function useChanges() {
  const changes = inject(KEY, NONE)
  return {
    at: (where: string) => changes.value.get(where),
    gone: (kind: string) =>
      [...changes.value.values()].filter((change) => change.gone && change.place.startsWith(kind)),
  }
}
