import type { Site, SiteSession } from '../site/index.ts'
import type { WebSessions } from './web-sessions.ts'

export interface UploadedFile {
  filename: string
  type: string
  bytes: Buffer
}

/** A request after reading: Frappe's form dict, and the files of a multipart body. */
export interface SiteRequest {
  method: string
  /** Decoded by segment, so that a name may hold a slash. */
  segments: string[]
  path: string
  query: URLSearchParams
  form: Record<string, unknown>
  files: Record<string, UploadedFile>
  headers: Record<string, string>
  cookies: Record<string, string>
  isJson: boolean
  /** Origin as the caller spelled it, for redirects and discovery. */
  origin: string
}

export interface SiteResponse {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer | string
}

/** What a running method may set beside its return value: `frappe.local.response`. */
export interface Reply {
  status: number | null
  /** More keys of the JSON envelope. */
  extra: Record<string, unknown>
  /** Replaces the envelope. */
  raw: SiteResponse | null
  cookies: string[]
  /** A GET that persists what it wrote, as OAuth's approval does. */
  commit: boolean
}

/** What all requests share. */
export interface SandboxHost {
  site: Site
  sessions: WebSessions
  /** Where the pages find the bridge; empty until one is connected. */
  bridgeUrl: () => string
  staticFolder: string | null
  publicFolder: string | null
  /** Fifteen hexadecimal digits, for API keys and secrets. */
  newSecret: () => string
  /** An OAuth code or token. */
  newToken: () => string
}

export interface Call {
  host: SandboxHost
  site: SiteSession
  request: SiteRequest
  reply: Reply
  args: Record<string, unknown>
}

/** A whitelisted method of the site's own. */
export interface HttpMethod {
  name: string
  allowGuest?: boolean
  methods?: string[]
  run(call: Call): unknown
}

export function newReply(): Reply {
  return { status: null, extra: {}, raw: null, cookies: [], commit: false }
}
