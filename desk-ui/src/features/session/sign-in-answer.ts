/**
 * What the OAuth sign-in came back with, in the fragment. It is read, and leaves the address bar, as
 * soon as the page's scripts run: before the router remembers the address it starts with.
 */
let answer: URLSearchParams | null = new URLSearchParams(location.hash.slice(1))
if (answer.has('code') || answer.has('error')) {
  history.replaceState(history.state, '', location.pathname + location.search)
} else answer = null

/** The answer, once: its code is good for one exchange. */
export function takeSignInAnswer(): { code: string | null; denied: boolean } {
  const taken = answer
  answer = null
  return { code: taken?.get('code') ?? null, denied: taken?.has('error') ?? false }
}
