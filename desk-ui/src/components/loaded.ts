import { ref, shallowRef } from 'vue'
import { useBridgeBack } from '../bridge/connection.ts'
import { sentenceOf } from '../bridge/problem.ts'

/** Data of a page with its loading and error states; a newer load makes an older one's answer void. */
export function useLoaded<T>(read: () => Promise<T>) {
  const data = shallowRef<T | null>(null)
  const loading = ref(false)
  const problem = ref<string | null>(null)
  let latest = 0

  async function load(): Promise<void> {
    const mine = (latest += 1)
    loading.value = true
    problem.value = null
    try {
      const answer = await read()
      if (mine === latest) data.value = answer
    } catch (error) {
      if (mine === latest) problem.value = sentenceOf(error)
    } finally {
      if (mine === latest) loading.value = false
    }
  }

  useBridgeBack(() => problem.value && void load())
  return { data, loading, problem, load }
}
