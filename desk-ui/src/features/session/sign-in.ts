import { boot } from '../../bridge/boot.ts'

/** ERPNext's own log-in page when it served this one, else the bridge's OAuth start; both come back here. */
export function signInAddress(): string {
  const here = location.pathname + location.search
  const returnTo = location.origin + here
  if (boot.servedBySite) return `/login?${new URLSearchParams({ 'redirect-to': here })}`
  return `${boot.bridgeUrl}/v1/oauth/start?${new URLSearchParams({ return_to: returnTo })}`
}
