import type { PageContext } from './protocol.ts'

/**
 * The Desk page around Steward when it runs in the panel: what it shows, and what Steward asks it to
 * do. The other end is `src/panel/`; both speak same-origin `postMessage`.
 */
export type ToPanel =
  | { type: 'steward:page'; page: PageContext | null; theme: 'dark' | 'light' }
  | { type: 'steward:focus' }

export type FromPanel =
  | { type: 'steward:ready' }
  | { type: 'steward:close' }
  | { type: 'steward:toggle' }
  | { type: 'steward:open'; path: string }
  | { type: 'steward:applied'; documents: TouchedDocument[] }

export interface TouchedDocument {
  doctype: string
  name: string | null
  /** It was deleted, or its creation undone. */
  gone: boolean
}

export const embedded = window.parent !== window

export function tellDesk(message: FromPanel): void {
  if (embedded) window.parent.postMessage(message, location.origin)
}

export function onDesk(handle: (message: ToPanel) => void): () => void {
  const listen = (event: MessageEvent) => {
    if (event.source !== window.parent || event.origin !== location.origin) return
    const message = event.data as ToPanel | null
    if (typeof message?.type === 'string' && message.type.startsWith('steward:')) handle(message)
  }
  window.addEventListener('message', listen)
  return () => window.removeEventListener('message', listen)
}
