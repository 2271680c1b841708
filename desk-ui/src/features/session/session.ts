import { reactive, readonly } from 'vue'
import { boot, rereadBoot } from '../../bridge/boot.ts'
import { setTokenSource } from '../../bridge/client.ts'
import { Problem } from '../../bridge/problem.ts'
import { useFormats } from '../../components/formats.ts'
import { exchangeCode, exchangeGrant, fetchMe, grantFromSite, refreshSession } from './data.ts'
import type { BridgeSession, Me } from './data.ts'
import { takeSignInAnswer } from './sign-in-answer.ts'

/** `needs_sign_in` keeps the page as it is and asks; nothing typed is lost. */
type Phase = 'starting' | 'signed_in' | 'needs_sign_in' | 'failed'

const state = reactive({
  phase: 'starting' as Phase,
  me: null as Me | null,
  problem: null as string | null,
})

// Tokens stay in this closure: never in storage, never in the page's reactive state.
let current: { token: string; refresh: string | null; endsAt: number } | null = null
let underway: Promise<string> | null = null

export const session = readonly(state)

/** Signs in without asking where that is possible; called once when the page starts. */
export async function startSession(): Promise<void> {
  setTokenSource({ token: currentToken, renew })
  try {
    const { code, denied } = takeSignInAnswer()
    if (denied) throw new Problem(401, 'unauthenticated', 'ERPNext did not allow the sign-in.')
    if (code) keep(await exchangeCode(code))
    await currentToken()
    state.me = await fetchMe()
    useFormats(state.me.person)
    state.phase = 'signed_in'
  } catch (error) {
    fail(error)
  }
}

/** After the person signed in elsewhere (another tab): try once more. */
export async function retrySession(): Promise<void> {
  state.problem = null
  await startSession()
}

/** Signs in anew where that needs no person; false when it does, and then the page asks. */
export async function renewSession(): Promise<boolean> {
  try {
    await renew()
    return true
  } catch {
    return false
  }
}

async function currentToken(): Promise<string> {
  if (current && Date.now() < current.endsAt) return current.token
  return renew()
}

/** Many calls may find the token ended at once; they share one renewal. */
function renew(): Promise<string> {
  underway ??= obtain().finally(() => {
    underway = null
  })
  return underway
}

async function obtain(): Promise<string> {
  try {
    const next =
      current?.refresh && !boot.servedBySite
        ? await refreshSession(current.refresh)
        : await exchangeGrant(await grant())
    if (state.phase === 'needs_sign_in') state.phase = 'signed_in'
    return keep(next)
  } catch (error) {
    fail(error)
    throw error
  }
}

async function grant(): Promise<string> {
  if (!boot.servedBySite) throw new Problem(401, 'unauthenticated', '')
  if (!boot.siteUser) await rereadBoot()
  if (!boot.siteUser) throw new Problem(401, 'unauthenticated', 'Please sign in to ERPNext.')
  try {
    return await grantFromSite()
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 0) throw error
    // The person may have signed in again in another tab: the page's CSRF token is then an old one.
    await rereadBoot()
    if (!boot.siteUser) throw new Problem(401, 'unauthenticated', 'Your ERPNext session has ended.')
    return grantFromSite()
  }
}

function keep(next: BridgeSession): string {
  const margin = 20
  current = {
    token: next.access_token,
    refresh: next.refresh_token,
    endsAt: Date.now() + Math.max(5, next.expires_in - margin) * 1000,
  }
  return current.token
}

function fail(error: unknown): void {
  const asksSignIn = error instanceof Problem && [400, 401, 403].includes(error.status)
  state.phase = asksSignIn ? 'needs_sign_in' : state.phase === 'signed_in' ? 'signed_in' : 'failed'
  state.problem = error instanceof Error ? error.message : 'Sign-in failed.'
}
