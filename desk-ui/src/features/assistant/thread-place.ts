import { nextTick, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

/** A turn and how far its top is below the thread's; null is the end, where new text appears. */
type Place = { request: string; below: number } | null

const NEAR_END_PX = 80
/** By then everything of a conversation has been loaded and drawn. */
const SETTLED_MS = 3_000
const OWN_HAND = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const

/**
 * Keeps where a person reads in a conversation: at the end they stay at the end while text and cards
 * come; scrolled up, nothing moves under them; and loaded again, or come back to, it is where it was.
 */
export function useThreadPlace(
  scroller: Ref<HTMLElement | null>,
  content: Ref<HTMLElement | null>,
  thread: { id: () => string | null; working: () => boolean },
) {
  const place = ref<Place>(remembered(thread.id()))
  const atEnd = ref(place.value === null)
  /** What was loaded still grows (charts, cards) until the person takes over. */
  let settling = true

  function onScroll(): void {
    const el = scroller.value
    if (!el || settling) return
    atEnd.value = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_END_PX
    place.value = atEnd.value ? null : placeIn(el)
    remember(thread.id(), place.value)
  }

  function toEnd(): void {
    settling = false
    atEnd.value = true
    place.value = null
    remember(thread.id(), null)
    hold()
  }

  function hold(): void {
    const el = scroller.value
    if (!el) return
    if (atEnd.value) el.scrollTop = el.scrollHeight
    else if (place.value) restore(el, place.value)
  }

  const growth = new ResizeObserver(() => {
    if (settling || (atEnd.value && thread.working())) hold()
  })
  const takeOver = () => {
    settling = false
  }

  onMounted(() => {
    if (content.value) growth.observe(content.value)
    for (const kind of OWN_HAND) {
      scroller.value?.addEventListener(kind, takeOver, { passive: true })
    }
    setTimeout(takeOver, SETTLED_MS)
    void nextTick(hold)
  })
  onBeforeUnmount(() => growth.disconnect())
  watch(thread.id, (id) => remember(id, place.value))

  return { atEnd, onScroll, toEnd, hold: () => atEnd.value && void nextTick(hold) }
}

function placeIn(scroller: HTMLElement): Place {
  const top = scroller.getBoundingClientRect().top
  for (const turn of scroller.querySelectorAll<HTMLElement>('[data-request]')) {
    const box = turn.getBoundingClientRect()
    const request = turn.dataset.request
    if (request && box.bottom > top) return { request, below: box.top - top }
  }
  return null
}

function restore(scroller: HTMLElement, { request, below }: NonNullable<Place>): void {
  const turn = scroller.querySelector(`[data-request="${CSS.escape(request)}"]`)
  if (!turn) return
  const now = turn.getBoundingClientRect().top - scroller.getBoundingClientRect().top
  scroller.scrollTop += now - below
}

const keyOf = (id: string) => `steward-place-${id}`

/** Only this tab's: another one reads elsewhere. */
function remember(id: string | null, place: Place): void {
  if (!id) return
  if (place) sessionStorage.setItem(keyOf(id), JSON.stringify(place))
  else sessionStorage.removeItem(keyOf(id))
}

function remembered(id: string | null): Place {
  const text = id ? sessionStorage.getItem(keyOf(id)) : null
  return text ? (JSON.parse(text) as Place) : null
}
