import { computed, ref } from 'vue'
import { callBridge } from '../../bridge/client.ts'

/** One limit of the team or of the person, and what is left of it; null is no limit. */
export interface Quota {
  scope: 'team' | 'person'
  kind: 'requests' | 'model_cost_usd'
  limit: number | null
  used: number
  reserved: number
  remaining: number | null
  resets_at: string
}

/** From this share on the composer says how little is left. */
const NEARLY_GONE = 0.8

const quotas = ref<Quota[]>([])

export async function loadQuotas(): Promise<Quota[]> {
  quotas.value = (await callBridge<{ data: Quota[] }>('/quotas')).data
  return quotas.value
}

/** Share of the limit that is used or held, 0 to 1; null without a limit. */
export function shareOf({ limit, used, reserved }: Quota): number | null {
  if (limit === null) return null
  return limit === 0 ? 1 : Math.min(1, (used + reserved) / limit)
}

/** The limit that is nearest to its end, once it is near. */
export const scarcest = computed(() => {
  const near = quotas.value
    .map((quota) => ({ quota, share: shareOf(quota) ?? 0 }))
    .filter(({ share }) => share >= NEARLY_GONE)
  return near.sort((a, b) => b.share - a.share)[0] ?? null
})
