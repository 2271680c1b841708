import { fold, isSlipOf, wordsOf } from '../routing/index.ts'
import { knowledgeOf } from './knowledge/index.ts'
import type { SearchMatch } from '../tools/tool-contract.ts'
import type { SiteReader } from './site-reader.ts'

/** How a document's name or title fits what was asked for. */
type Fit = 'exact' | 'words' | 'slips' | 'none'

export interface ResolvedName {
  doctype: string
  name: string
  title: string
  /** What the search said of it besides: group, territory, telephone. */
  about?: string
}

export type NameResult =
  | { status: 'found'; match: ResolvedName }
  /** Several fit, or one only with typing slips: a write has to ask. */
  | { status: 'unsure'; candidates: ResolvedName[] }
  | { status: 'not_found' }

/** Which document of `doctype` does `asked` name? Never picks between several that fit. */
export async function resolveName(
  site: SiteReader,
  doctype: string,
  asked: string,
): Promise<NameResult> {
  const ranked = await rankedMatches(site, doctype, asked)
  const exact = ranked.filter(({ fit }) => fit === 'exact')
  if (exact.length === 1) return found(exact[0]!.match)
  const words = ranked.filter(({ fit }) => fit === 'exact' || fit === 'words')
  if (words.length === 1) return found(words[0]!.match)
  const unsure = words.length > 0 ? words : ranked.filter(({ fit }) => fit === 'slips')
  if (unsure.length === 0) return { status: 'not_found' }
  return { status: 'unsure', candidates: unsure.map(({ match }) => match) }
}

/** For reads: the best of what fits, slips included; null when nothing does. */
export async function bestName(
  site: SiteReader,
  doctype: string,
  asked: string,
): Promise<{ match: ResolvedName; certain: boolean } | null> {
  const ranked = await rankedMatches(site, doctype, asked)
  const best = ranked[0]
  if (!best || best.fit === 'none') return null
  const rivals = ranked.filter(({ fit }) => fit === best.fit)
  return { match: best.match, certain: best.fit === 'exact' || rivals.length === 1 }
}

interface Ranked {
  match: ResolvedName
  fit: Fit
  coverage: number
}

async function rankedMatches(site: SiteReader, doctype: string, asked: string): Promise<Ranked[]> {
  let ranked = rank(await search(site, doctype, asked), asked)
  if (ranked.length > 0) return ranked
  if (CODED.has(doctype)) ranked = rank(await titled(site, doctype, asked), asked)
  if (ranked.length > 0) return ranked
  for (const part of searchParts(asked)) {
    ranked = rank(await search(site, doctype, part), asked)
    if (ranked.length > 0) return ranked
  }
  return []
}

async function search(site: SiteReader, doctype: string, text: string): Promise<SearchMatch[]> {
  return (await site.call('search', { doctype, text, limit: 12 })).matches
}

/** ERPNext's link search of a numbered kind may only know its numbers. */
async function titled(site: SiteReader, doctype: string, asked: string): Promise<SearchMatch[]> {
  const title = knowledgeOf(doctype)?.title
  if (!title || asked.trim().length < 3) return []
  const { table } = await site.call('list_records', {
    doctype,
    fields: ['name', title],
    filters: [[title, 'like', `%${asked.trim()}%`]],
    limit: 12,
  })
  return table.rows.map((row) => {
    const called = String(row[title] ?? row.name).replaceAll(/<[^>]*>/g, ' ')
    return { doctype, name: String(row.name), title: called.trim(), description: null, score: 1 }
  })
}

/** Shorter things to search for when the whole finds nothing: the longest word, in the singular. */
function searchParts(asked: string): string[] {
  const words = wordsOf(asked).filter((word) => word.length > 2)
  const longest = [...words].sort((a, b) => b.length - a.length).slice(0, 2)
  return [...new Set(longest)].filter((word) => word !== fold(asked))
}

function rank(matches: SearchMatch[], asked: string): Ranked[] {
  return matches
    .map((match) => ({
      match: {
        ...{ doctype: match.doctype, name: match.name, title: titleOf(match) },
        ...(match.description && { about: match.description }),
      },
      ...fitOf(asked, match.name, [match.title, ...alsoCalled(match)]),
    }))
    .filter(({ fit }) => fit !== 'none')
    .sort(
      (a, b) =>
        ORDER.indexOf(a.fit) - ORDER.indexOf(b.fit) ||
        b.coverage - a.coverage ||
        a.match.title.localeCompare(b.match.title, 'en'),
    )
}

const ORDER: Fit[] = ['exact', 'words', 'slips', 'none']

/** ERPNext's link search tells a code's readable name first in its description. */
function titleOf(match: SearchMatch): string {
  const [readable] = match.title && match.title !== match.name ? [match.title] : alsoCalled(match)
  return readable ?? match.name
}

/** Doctypes whose name is a code or a number, so that the description begins with the title. */
const CODED = new Set(['Item', 'Project', 'Task', 'ToDo', 'Lead', 'Issue', 'Contact', 'Employee'])

function alsoCalled({ doctype, name, description }: SearchMatch): string[] {
  const [first] = (description ?? '').split(', ')
  const isCoded = CODED.has(doctype) || /\d{3,}$/.test(name)
  return first && isCoded ? [first] : []
}

function fitOf(asked: string, name: string, titles: string[]): { fit: Fit; coverage: number } {
  if ([name, ...titles].some((text) => fold(text) === fold(asked).trim())) {
    return { fit: 'exact', coverage: 1 }
  }
  const askedWords = wordsOf(asked)
  if (askedWords.length === 0) return { fit: 'none', coverage: 0 }
  const best = [...titles, name, [name, ...titles].join(' ')]
    .map((text) => wordFit(askedWords, wordsOf(text)))
    .sort((a, b) => ORDER.indexOf(a.fit) - ORDER.indexOf(b.fit) || b.coverage - a.coverage)
  return best[0]!
}

function wordFit(asked: string[], words: string[]): { fit: Fit; coverage: number } {
  const coverage = asked.length / Math.max(1, words.length)
  if (asked.join(' ') === words.join(' ')) return { fit: 'exact', coverage: 1 }
  const isWord = (word: string) =>
    words.some((other) => other === word || (word.length > 2 && other.startsWith(word)))
  if (asked.every(isWord)) return { fit: 'words', coverage }
  const isClose = (word: string) => isWord(word) || words.some((other) => isSlipOf(word, other))
  return { fit: asked.every(isClose) ? 'slips' : 'none', coverage }
}

function found(match: ResolvedName): NameResult {
  return { status: 'found', match }
}
