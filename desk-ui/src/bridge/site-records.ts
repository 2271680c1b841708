import { boot } from './boot.ts'
import { Problem } from './problem.ts'

/**
 * Steward's settings are records of ERPNext, read and written there with the person's own rights
 * (`/api/resource`, their cookie and CSRF token). Only a page that the site itself served can do it.
 */
export const canReachSite = boot.servedBySite

export async function listRecords<T>(
  doctype: string,
  fields: string[],
  order: string,
): Promise<T[]> {
  const query = new URLSearchParams({
    fields: JSON.stringify(fields),
    order_by: order,
    limit_page_length: '100',
  })
  return (await callSite<{ data: T[] }>('GET', `${pathOf(doctype)}?${query}`)).data
}

export async function readRecord<T>(doctype: string, name: string): Promise<T> {
  return (await callSite<{ data: T }>('GET', pathOf(doctype, name))).data
}

export async function createRecord<T>(doctype: string, values: Partial<T>): Promise<T> {
  return (await callSite<{ data: T }>('POST', pathOf(doctype), values)).data
}

async function updateRecord<T>(doctype: string, name: string, values: Partial<T>): Promise<T> {
  return (await callSite<{ data: T }>('PUT', pathOf(doctype, name), values)).data
}

/** What a record held when the person read it; `modified` is ERPNext's own stamp of that version. */
export interface SeenRecord {
  name: string
  modified: string
}

/**
 * Changes a record only as the person saw it. Where somebody changed it meanwhile nothing is saved, the
 * error says who and what, and `seen` becomes what is there now: saving again goes on from that.
 */
export async function updateSeen<T extends SeenRecord>(
  doctype: string,
  seen: T,
  values: Partial<T>,
): Promise<void> {
  try {
    const { modified } = seen
    Object.assign(seen, await updateRecord<T>(doctype, seen.name, { ...values, modified }))
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'precondition_failed') throw error
    throw await tellNews(
      doctype,
      seen,
      values,
      'saved. Save again to put your values in its place.',
    )
  }
}

/** Deletes a record only as the person saw it; see `updateSeen`. */
export async function deleteSeen<T extends SeenRecord>(doctype: string, seen: T): Promise<void> {
  const { modified } = await readRecord<T>(doctype, seen.name)
  if (modified !== seen.modified) throw await tellNews(doctype, seen, seen, 'deleted.')
  await callSite('DELETE', pathOf(doctype, seen.name))
}

async function tellNews<T extends SeenRecord>(
  doctype: string,
  seen: T,
  values: Partial<T>,
  nothing: string,
): Promise<Problem> {
  const now = await readRecord<T & { modified_by: string }>(doctype, seen.name)
  const known = (Object.keys(values) as (keyof T & string)[]).filter((key) => key in now)
  const other = known.filter((key) => key !== 'modified' && (now[key] ?? '') !== (seen[key] ?? ''))
  const what = other.map((key) => key.replaceAll('_', ' ')).join(', ') || 'this'
  Object.assign(seen, now)
  const text = `Meanwhile ${now.modified_by} changed ${what} in ERPNext. Nothing was ${nothing}`
  return new Problem(412, 'precondition_failed', text)
}

/** Calls a method of Steward's app as the person of this page. */
export async function callSiteMethod<T>(method: string): Promise<T> {
  return (await callSite<{ message: T }>('POST', `/api/method/${method}`, {})).message
}

function pathOf(doctype: string, name?: string): string {
  const path = `/api/resource/${encodeURIComponent(doctype)}`
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`
}

async function callSite<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'x-frappe-csrf-token': boot.csrfToken }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new Problem(
      0,
      'offline',
      'ERPNext cannot be reached. Check the connection and try again.',
    )
  })
  if (!response.ok) throw await siteProblem(response)
  return (await response.json()) as T
}

/** ERPNext's refusal in its own words. */
async function siteProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as {
    exc_type?: string
    _server_messages?: string
    _error_message?: string
  }
  // Frappe 16 explains a refused document beside its messages, which are empty then.
  const said = serverMessage(body._server_messages) ?? plain(body._error_message)
  if (body.exc_type === 'CSRFTokenError') {
    return new Problem(401, 'unauthenticated', 'Your ERPNext session has ended.')
  }
  if (body.exc_type === 'TimestampMismatchError') {
    return new Problem(412, 'precondition_failed', said ?? 'Somebody changed this meanwhile.')
  }
  const code = response.status === 403 ? 'forbidden' : 'site_refused'
  return new Problem(response.status, code, said ?? `ERPNext answered ${response.status}.`)
}

/** `_server_messages` is a JSON list of JSON objects, each with a message that may hold HTML. */
function serverMessage(list: string | undefined): string | null {
  try {
    const first = (JSON.parse(list ?? '[]') as string[])[0]
    const { message } = JSON.parse(first ?? '{}') as { message?: string }
    return plain(message)
  } catch {
    return null
  }
}

function plain(html: string | undefined): string | null {
  return html?.replace(/<[^>]*>/g, '') || null
}
