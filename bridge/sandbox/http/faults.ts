/** What goes wrong. `timeout_after_commit`: the site has done it, the caller never hears. */
export type FaultKind =
  | { kind: 'latency'; milliseconds: number }
  | { kind: 'rate_limited'; retryAfterSeconds: number }
  | { kind: 'error_500' }
  | { kind: 'dropped' }
  | { kind: 'timeout_after_commit'; closeAfterMilliseconds?: number }

export type Fault = FaultKind & {
  /** HTTP method; all when left out. */
  method?: string
  /** Part of the decoded path, or a pattern on it; all when left out. */
  path?: string | RegExp
  /** How many requests it meets; every one when left out. */
  count?: number
}

interface ActiveFault {
  fault: Fault
  left: number
}

/** Faults switched on for a while; the first that matches a request is spent on it. */
export class Faults {
  #active: ActiveFault[] = []

  add(fault: Fault): void {
    this.#active.push({ fault, left: fault.count ?? Infinity })
  }

  clear(): void {
    this.#active = []
  }

  /** Whether any fault still waits for a request. */
  get isPending(): boolean {
    return this.#active.length > 0
  }

  take(method: string, path: string): Fault | null {
    const found = this.#active.find(({ fault }) => matches(fault, method, path))
    if (!found) return null
    found.left -= 1
    if (found.left <= 0) this.#active = this.#active.filter((active) => active !== found)
    return found.fault
  }
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.method && fault.method !== method) return false
  if (fault.path === undefined) return true
  return typeof fault.path === 'string' ? path.includes(fault.path) : fault.path.test(path)
}
