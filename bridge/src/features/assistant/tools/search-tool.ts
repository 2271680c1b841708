import { isStewardError } from '../../../shared/errors.ts'
import { normalised, similarity } from './text-similarity.ts'
import type { ToolContext } from './tool-context.ts'
import type { SearchMatch, ToolArguments } from './tool-contract.ts'

const DEFAULT_MATCHES = 8
/** Read more than is shown, so that the best by likeness is among them. */
const READ = 20
const WORTH_SHOWING = 0.2

/**
 * Documents by words: ERPNext's own link search first; only when that finds nothing, a list by the
 * single words and their beginnings, which forgives typing errors.
 */
export async function search(
  context: ToolContext,
  args: ToolArguments['search'],
): Promise<{ matches: SearchMatch[] }> {
  const limit = args.limit ?? DEFAULT_MATCHES
  const linked = await linkSearch(context, args)
  const found = linked.length > 0 ? linked : await wordSearch(context, args)
  const matches = found
    .filter((match) => match.score >= WORTH_SHOWING)
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
  return { matches: matches.slice(0, limit) }
}

interface LinkRow {
  value: string
  description?: string | null
  label?: string | null
}

async function linkSearch(
  context: ToolContext,
  args: ToolArguments['search'],
): Promise<SearchMatch[]> {
  try {
    const rows = await context.session.call<LinkRow[]>('frappe.desk.search.search_link', {
      doctype: args.doctype,
      txt: args.text,
      page_length: READ,
    })
    return rows.map((row) => linkMatch(args, row))
  } catch (error) {
    if (isStewardError(error, 'site_refused')) return []
    throw error
  }
}

function linkMatch(args: ToolArguments['search'], row: LinkRow): SearchMatch {
  const description = row.description ? plain(row.description) : null
  const title = row.label ? plain(row.label) : row.value
  const parts = [row.value, title, ...(description ?? '').split(',')]
  return {
    doctype: args.doctype,
    name: row.value,
    title,
    description: description === '' ? null : description,
    score: Math.max(...parts.map((part) => similarity(args.text, part))),
  }
}

async function wordSearch(
  context: ToolContext,
  args: ToolArguments['search'],
): Promise<SearchMatch[]> {
  const description = await context.knowledge.describe(context.actor, context.session, args.doctype)
  const titleField = description.title_field ?? 'name'
  const stems = normalised(args.text)
    .split(' ')
    .filter((word) => word.length > 1)
    .map((word) => (word.length > 4 ? word.slice(0, 3) : word))
  if (stems.length === 0) return []
  const rows = await context.session.list(args.doctype, {
    fields: [...new Set(['name', titleField])],
    or_filters: [...new Set(stems)]
      .slice(0, 6)
      .flatMap((stem) =>
        [...new Set(['name', titleField])].map((field) => likeFilter(field, stem)),
      ),
    order_by: 'name asc',
    limit: 200,
  })
  return rows.map((row) => {
    const name = String(row.name)
    const title = String(row[titleField] ?? name)
    const score = Math.max(similarity(args.text, name), similarity(args.text, title))
    return { doctype: args.doctype, name, title, description: null, score }
  })
}

function likeFilter(field: string, stem: string): [string, string, string] {
  return [field, 'like', `%${stem.replaceAll(/[%_\\]/g, '')}%`]
}

/** Search answers may carry markup for Desk's drop-down. */
function plain(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
