/** What the server that sent this page wrote into it; see `build/erpnext-page.ts`. */
interface Boot {
  csrf_token?: string
  site_name?: string
  /** Where the bridge listens; empty when it serves this page itself. */
  bridge_url?: string
  /** The signed-in ERPNext user; absent on a page that ERPNext did not render. */
  user?: string
  frappe_version?: string
}

const written = window as Window & Boot

export const boot = {
  csrfToken: written.csrf_token ?? '',
  siteName: written.site_name ?? location.hostname,
  bridgeUrl: (written.bridge_url || location.origin).replace(/\/+$/, ''),
  /** Set when ERPNext (or the sandbox in its place) rendered this page for a person. */
  siteUser: written.user && written.user !== 'Guest' ? written.user : null,
  /** True when the page came from a site, so that the site's own log-in page is at `/login`. */
  servedBySite: written.user !== undefined,
  /** Where Desk is: Frappe 16 moved it, and its redirect from `/app` garbles names with `/`, `?` or `#`. */
  deskRoot: Number.parseInt(written.frappe_version ?? '', 10) >= 16 ? '/desk' : '/app',
}

/** Same-origin page of the site that made this one, read again for a new CSRF token. */
export async function rereadBoot(): Promise<void> {
  const page = await fetch('/steward', {
    credentials: 'same-origin',
    headers: { accept: 'text/html' },
  })
  const html = await page.text()
  const read = (key: string) => html.match(new RegExp(`window\\["${key}"\\] = ("[^"]*")`))?.[1]
  const token = read('csrf_token')
  const user = read('user')
  if (token) boot.csrfToken = JSON.parse(token) as string
  if (user) boot.siteUser = (JSON.parse(user) as string).replace(/^Guest$/, '') || null
}
