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

export async function updateRecord<T>(
  doctype: string,
  name: string,
  values: Partial<T>,
): Promise<T> {
  return (await callSite<{ data: T }>('PUT', pathOf(doctype, name), values)).data
}

export async function deleteRecord(doctype: string, name: string): Promise<void> {
  await callSite('DELETE', pathOf(doctype, name))
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
