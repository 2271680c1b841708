import { notPermitted, permissionError, SiteError, validationError } from '../site/index.ts'
import { authenticate } from './authentication.ts'
import type { Caller } from './authentication.ts'
import { sessionCookies } from './cookies.ts'
import { failure, html, success } from './envelope.ts'
import { newReply } from './exchange.ts'
import type { Call, HttpMethod, Reply, SandboxHost, SiteRequest, SiteResponse } from './exchange.ts'
import { download } from './methods/files.ts'
import { renderPage } from './pages/render-page.ts'
import { handleResource } from './resource-routes.ts'
import { serveStatic } from './static-files.ts'

const SAFE = new Set(['GET', 'HEAD'])

/** One request from identity to answer, in one turn of the event loop and one transaction. */
export function dispatch(
  host: SandboxHost,
  methods: ReadonlyMap<string, HttpMethod>,
  request: SiteRequest,
): SiteResponse {
  if (!isOurs(host, request)) return html(404, '<h1>Not Found</h1>')
  if (request.segments[0] === 'assets') return serveStatic(host, request)
  const reply = newReply()
  let caller: Caller
  try {
    caller = authenticate(host, request)
  } catch (error) {
    return failure(error, [], reply)
  }
  // A token call answers `sid=Guest`, so that a cookie jar would lose its session.
  reply.cookies = sessionCookies(host, caller.session?.id ?? 'Guest', caller.user).slice(0, 1)
  return inTransaction(host, methods, request, caller, reply)
}

/** The header may name the site, or its address as browsers do; another site is not here. */
function isOurs(host: SandboxHost, request: SiteRequest): boolean {
  const named = request.headers['x-frappe-site-name']
  const { hostname } = new URL(request.origin)
  return !named || [host.site.name, hostname, 'localhost', '127.0.0.1'].includes(named)
}

function inTransaction(
  host: SandboxHost,
  methods: ReadonlyMap<string, HttpMethod>,
  request: SiteRequest,
  caller: Caller,
  reply: Reply,
): SiteResponse {
  return host.site.read(
    caller.user,
    (site) => {
      const call: Call = { host, site, request, reply, args: { ...request.form } }
      try {
        const response = route(call, methods, caller)
        if (reply.commit || !SAFE.has(request.method)) site.commit()
        return response
      } catch (error) {
        return failure(replaceNotFound(call, error), site.messages, reply)
      }
    },
    caller.identity,
  )
}

/** A missing document looks forbidden to whoever may not read its doctype. */
function replaceNotFound(call: Call, error: unknown): unknown {
  if (!(error instanceof SiteError) || error.excType !== 'DoesNotExistError') return error
  const [doctype] = call.site.state.metas
    .all()
    .map((meta) => meta.name)
    .filter((name) => error.message.startsWith(`${name} `))
    .sort((left, right) => right.length - left.length)
  if (!doctype || call.site.hasPermission(doctype, 'read')) return error
  return notPermitted(
    `User <strong>${call.site.user}</strong> does not have doctype access via role permission for document <strong>${doctype}</strong>`,
    doctype,
  )
}

function route(call: Call, methods: ReadonlyMap<string, HttpMethod>, caller: Caller): SiteResponse {
  const { segments, form } = call.request
  // `cmd` in a body wins over the path.
  if (typeof form.cmd === 'string') return runMethod(call, methods, form.cmd)
  const [first, second, third] =
    segments[0] === 'api' && segments[1] === 'v1' ? segments.toSpliced(1, 1) : segments
  const rest = segments[1] === 'v1' ? segments.slice(4) : segments.slice(3)
  if (first === 'api' && second === 'method' && third) return runMethod(call, methods, third)
  if (first === 'api' && second === 'resource' && third) {
    const name = rest.length > 0 ? rest.join('/') : null
    return success('data', handleResource(call, third, name), call.reply, call.site.messages)
  }
  if (first === 'api') throw new SiteError('DoesNotExistError', '', { silent: true })
  if (first === 'private' || first === 'files') {
    return download(call.site, decodeURIComponent(call.request.path), false)
  }
  return renderPage(call, caller) ?? html(404, '<h1>Not Found</h1>')
}

function runMethod(
  call: Call,
  methods: ReadonlyMap<string, HttpMethod>,
  name: string,
): SiteResponse {
  const method = methods.get(name)
  if (!method) throw unknownMethod(call, name)
  if (call.site.user === 'Guest' && !method.allowGuest) throw notWhitelisted(name)
  if (method.methods && !method.methods.includes(call.request.method)) {
    throw permissionError('Not permitted')
  }
  delete call.args.cmd
  const value = method.run(call)
  return success('message', value, call.reply, call.site.messages)
}

function unknownMethod(call: Call, name: string): SiteError {
  const parts = name.split('.')
  const app = parts[0] ?? ''
  if (call.host.site.apps.some((installed) => installed.name === app)) {
    const cause = `module '${parts.slice(0, -1).join('.')}' has no attribute '${parts.at(-1)}'`
    return validationError(`Failed to get method for command ${name} with ${cause}`)
  }
  const cause = `App ${app} is not installed`
  call.site.msgprint(cause, 'red')
  return validationError(`Failed to get method for command ${name} with ${cause}`)
}

function notWhitelisted(name: string): SiteError {
  return permissionError(
    `<details><summary>You are not permitted to access this resource. Login to access</summary>Function <strong>${name}</strong> is not whitelisted.</details>`,
    { title: 'Method Not Allowed' },
  )
}
