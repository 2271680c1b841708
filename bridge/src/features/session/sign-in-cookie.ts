import type { Request, Response } from 'express'

const NAME = 'steward_sign_in'
const MINUTES = 10

/**
 * Binds a sign-in to the browser that started it: nobody can hand somebody else the end of his own
 * sign-in, and a denial, which Frappe sends back without its state, is still told apart.
 */
export function rememberState(res: Response, state: string, secure: boolean): void {
  res.cookie(NAME, state, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    maxAge: MINUTES * 60_000,
    secure,
  })
}

export function rememberedState(req: Request): string | null {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([name]) => name === NAME)?.[1] ?? null
}

export function forgetState(res: Response): void {
  res.clearCookie(NAME, { path: '/' })
}
