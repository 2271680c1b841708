import type { FromPanel, ToPanel } from '../bridge/host.ts'
import { openPage, refreshOpen } from './open-page.ts'
import './panel.css'

/**
 * Steward in Desk: a button and a shortcut on every page, and a panel that slides over it. The panel
 * frames Steward's own page from the same origin, so neither's styles nor scripts touch the other's,
 * and nothing of it is loaded before it is first opened.
 */
const SHORTCUT = 'k'
const PAGE = '/steward/panel'

let panel: HTMLElement | null = null
let frame: HTMLIFrameElement | null = null
let button: HTMLButtonElement | null = null

function start(): void {
  if (window.frappe?.boot?.steward?.enabled !== true || button) return
  button = makeButton()
  document.body.append(button)
  window.addEventListener('keydown', onKeydown)
  window.addEventListener('message', onMessage)
  window.frappe.router?.on?.('change', () => setTimeout(tellPage, 300))
}

function makeButton(): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = 'steward-button'
  made.title = 'Ask Steward (Ctrl+Shift+K)'
  made.setAttribute('aria-label', 'Ask Steward')
  made.setAttribute('aria-expanded', 'false')
  made.innerHTML =
    '<svg viewBox="0 0 32 32" aria-hidden="true"><path d="M9 12.5A3.5 3.5 0 0 1 12.5 9h9M23 19.5a3.5 3.5 0 0 1-3.5 3.5h-9"/><path class="tick" d="m11.5 16.2 3.1 3 6-6.2"/></svg>'
  made.addEventListener('click', toggle)
  return made
}

function makePanel(): HTMLElement {
  const made = document.createElement('aside')
  made.className = 'steward-panel'
  made.setAttribute('aria-label', 'Steward')
  frame = document.createElement('iframe')
  frame.title = 'Steward'
  frame.src = PAGE
  frame.allow = 'clipboard-write'
  made.append(frame)
  document.body.append(made)
  return made
}

function toggle(): void {
  setOpen(!panel?.classList.contains('steward-open'))
}

function setOpen(open: boolean): void {
  panel ??= makePanel()
  // The first frame is drawn off the screen, so that the panel is seen to slide in.
  requestAnimationFrame(() => panel?.classList.toggle('steward-open', open))
  panel.inert = !open
  button?.setAttribute('aria-expanded', String(open))
  if (!open) {
    button?.focus()
    return
  }
  tellPage()
  frame?.focus()
  tell({ type: 'steward:focus' })
}

function onKeydown(event: KeyboardEvent): void {
  const wanted = (event.ctrlKey || event.metaKey) && event.shiftKey && !event.altKey
  if (!wanted || event.key.toLowerCase() !== SHORTCUT) return
  event.preventDefault()
  toggle()
}

function onMessage(event: MessageEvent): void {
  if (!frame || event.source !== frame.contentWindow || event.origin !== location.origin) return
  const message = event.data as FromPanel | null
  if (message?.type === 'steward:ready') {
    tellPage()
    tell({ type: 'steward:focus' })
  }
  if (message?.type === 'steward:close') setOpen(false)
  if (message?.type === 'steward:toggle') toggle()
  if (message?.type === 'steward:open') follow(message.path)
  if (message?.type === 'steward:applied') refreshOpen(message.documents)
}

function tellPage(): void {
  tell({ type: 'steward:page', page: openPage(), theme: theme() })
}

function theme(): 'dark' | 'light' {
  return document.documentElement.getAttribute('data-theme') === 'dark' ? 'dark' : 'light'
}

function tell(message: ToPanel): void {
  frame?.contentWindow?.postMessage(message, location.origin)
}

/** Desk pages open in Desk without a reload; anything else in a tab of its own. */
function follow(path: string): void {
  const desk = path.match(/^\/(?:app|desk)\/(.+)$/)
  if (desk && !path.includes('?')) {
    const route = desk[1].split('/').map(decodeURIComponent)
    window.frappe?.set_route?.(...route)
    if (window.innerWidth < 700) setOpen(false)
    return
  }
  if (desk) location.assign(path)
  else window.open(path, '_blank', 'noopener')
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
else start()
// Desk fills `frappe.boot` before its own start-up ends, but not always before this script runs.
document.addEventListener('startup', start)
window.addEventListener('load', start)
