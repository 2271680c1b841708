import type { Caller } from '../authentication.ts'
import { html } from '../envelope.ts'
import type { Call, SiteResponse } from '../exchange.ts'
import { deskPage } from './desk-page.ts'
import { loginPage } from './login-page.ts'
import { stewardPage } from './steward-page.ts'

/** The few pages of the site; null for a path it has none for. */
export function renderPage(call: Call, caller: Caller): SiteResponse | null {
  const { segments, path, query } = call.request
  const first = segments[0] ?? ''
  if (first === 'login') return html(200, loginPage(query.get('redirect-to') ?? '/app'))
  if (first !== '' && first !== 'app' && first !== 'desk' && first !== 'steward') return null
  if (call.site.user === 'Guest') return toLogin(path)
  if (first === 'steward') return stewardPage(call, csrfToken(call, caller))
  if (first === '') return { status: 302, headers: { location: '/app' }, body: '' }
  return deskPage(call, csrfToken(call, caller))
}

function toLogin(path: string): SiteResponse {
  const location = `/login?redirect-to=${encodeURIComponent(path)}`
  // Frappe forbids keeping it: a remembered 301 would lead back here after the sign-in.
  const headers = { location, 'cache-control': 'no-store, no-cache, must-revalidate' }
  return { status: 301, headers, body: '' }
}

/** Asking for a page makes the token that unsafe requests of this session need from then on. */
function csrfToken(call: Call, caller: Caller): string {
  return caller.session ? call.host.sessions.csrfToken(caller.session) : ''
}
