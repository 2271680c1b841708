import { onBeforeUnmount, onMounted } from 'vue'

/**
 * Ctrl+Enter (Cmd+Enter) approves: the card that has the focus, else the newest card that waits. A
 * card that is not in view is brought into view first and its button focused, so that nobody
 * approves what they cannot see. With text in the composer the key does nothing.
 */
export function useApproveKey(composerEmpty: () => boolean): void {
  function onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return
    const focused = document.activeElement?.closest('[data-operation-list]')
    if (!focused && !composerEmpty()) return
    const button = approveButton(focused)
    if (!button || button.disabled) return
    event.preventDefault()
    if (isInView(button)) button.click()
    else showFirst(button)
  }
  onMounted(() => window.addEventListener('keydown', onKeydown))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKeydown))
}

function approveButton(focused: Element | null | undefined): HTMLButtonElement | null {
  if (focused) return focused.querySelector('[data-approve]')
  return [...document.querySelectorAll<HTMLButtonElement>('[data-approve]')].at(-1) ?? null
}

function isInView(element: HTMLElement): boolean {
  const box = element.getBoundingClientRect()
  return box.top >= 0 && box.bottom <= window.innerHeight
}

function showFirst(button: HTMLButtonElement): void {
  button.scrollIntoView({ block: 'end' })
  button.focus()
}
