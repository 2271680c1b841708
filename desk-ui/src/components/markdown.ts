/**
 * The part of Markdown that answers use, read into a tree of plain data. Nothing of it is ever HTML:
 * `MarkdownText` draws the tree with elements of its own, so an answer cannot bring a script, a style
 * or anything that loads from elsewhere. Images become their description.
 */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'code'; text: string }
  | { type: 'strong' | 'emphasis' | 'strike'; children: Inline[] }
  | { type: 'link'; href: string; children: Inline[] }

export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'heading'; level: number; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'quote'; blocks: Block[] }
  | { type: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { type: 'table'; header: Inline[][]; rows: Inline[][][] }
  | { type: 'rule' }

const LIST_ITEM = /^( *)([-*+]|\d{1,6}[.)]) +(.*)$/
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/

export function parseMarkdown(source: string): Block[] {
  return readBlocks(source.replaceAll('\r\n', '\n').split('\n'))
}

function readBlocks(lines: string[], depth = 0): Block[] {
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    if (line.trim() === '') {
      at += 1
      continue
    }
    const [block, used] = readBlock(lines, at, depth)
    blocks.push(block)
    at += used
  }
  return blocks
}

/** One block that starts at `at`, and how many lines it took. */
function readBlock(lines: string[], at: number, depth: number): [Block, number] {
  const line = lines[at] ?? ''
  const heading = line.match(/^(#{1,6}) +(.*)$/)
  if (heading) {
    return [{ type: 'heading', level: heading[1].length, children: readInline(heading[2]) }, 1]
  }
  if (/^ *(-{3,}|\*{3,}|_{3,}) *$/.test(line)) return [{ type: 'rule' }, 1]
  if (/^```/.test(line)) return readCode(lines, at)
  if (/^ *>/.test(line) && depth < 5) return readQuote(lines, at, depth)
  if (LIST_ITEM.test(line) && depth < 5) return readList(lines, at, depth)
  if (line.includes('|') && TABLE_RULE.test(lines[at + 1] ?? '')) return readTable(lines, at)
  return readParagraph(lines, at)
}

function readCode(lines: string[], at: number): [Block, number] {
  let end = at + 1
  while (end < lines.length && !/^```/.test(lines[end])) end += 1
  return [{ type: 'code', text: lines.slice(at + 1, end).join('\n') }, end - at + 1]
}

function readQuote(lines: string[], at: number, depth: number): [Block, number] {
  let end = at
  while (end < lines.length && /^ *>/.test(lines[end])) end += 1
  const inner = lines.slice(at, end).map((line) => line.replace(/^ *> ?/, ''))
  return [{ type: 'quote', blocks: readBlocks(inner, depth + 1) }, end - at]
}

function readList(lines: string[], at: number, depth: number): [Block, number] {
  const [, indent = '', marker = '-'] = lines[at].match(LIST_ITEM) ?? []
  const ordered = /\d/.test(marker)
  const items: string[][] = []
  let end = at
  for (; end < lines.length; end += 1) {
    const item = lines[end].match(LIST_ITEM)
    if (item && item[1].length <= indent.length + 1) {
      if (/\d/.test(item[2]) !== ordered) break
      items.push([item[3]])
    } else if (/^ {2,}\S/.test(lines[end])) {
      items.at(-1)?.push(lines[end].replace(/^ {2,4}/, ''))
    } else break
  }
  return [
    {
      type: 'list',
      ordered,
      start: ordered ? Number.parseInt(marker, 10) : 1,
      items: items.map((item) => readBlocks(item, depth + 1)),
    },
    end - at,
  ]
}

function readTable(lines: string[], at: number): [Block, number] {
  let end = at + 2
  while (end < lines.length && lines[end].includes('|')) end += 1
  const rows = lines.slice(at + 2, end).map(readTableRow)
  return [{ type: 'table', header: readTableRow(lines[at]), rows }, end - at]
}

function readTableRow(line: string): Inline[][] {
  const bare = line.trim().replace(/^\||\|$/g, '')
  return bare.split(/(?<!\\)\|/).map((cell) => readInline(cell.trim().replaceAll('\\|', '|')))
}

function readParagraph(lines: string[], at: number): [Block, number] {
  let end = at + 1
  while (end < lines.length && lines[end].trim() !== '' && !startsBlock(lines[end])) end += 1
  return [{ type: 'paragraph', children: readInline(lines.slice(at, end).join('\n')) }, end - at]
}

function startsBlock(line: string): boolean {
  return /^(#{1,6} |```| *>)/.test(line) || LIST_ITEM.test(line)
}

const INLINE =
  /(?<code>`([^`]+)`)|(?<image>!\[([^\]]*)\]\([^)]*\))|(?<link>\[([^\]]+)\]\(([^)\s]+)[^)]*\))|(?<strong>\*\*(\S(?:.*?\S)?)\*\*)|(?<strike>~~(\S(?:.*?\S)?)~~)|(?<emphasis>(?<![\w*])[*_](\S(?:[^*_]*\S)?)[*_](?![\w*]))|(?<address>(?<![\w/])\/(?:app|desk)\/[\w%./?=&-]+[\w%/])/s

function readInline(text: string, depth = 0): Inline[] {
  const found = depth < 6 ? text.match(INLINE) : null
  if (!found || found.index === undefined) return text === '' ? [] : [{ type: 'text', text }]
  const before: Inline[] =
    found.index > 0 ? [{ type: 'text', text: text.slice(0, found.index) }] : []
  const after = readInline(text.slice(found.index + found[0].length), depth)
  return [...before, inlineOf(found, depth + 1), ...after]
}

function inlineOf(found: RegExpMatchArray, depth: number): Inline {
  const kind = found.groups ?? {}
  if (kind.code) return { type: 'code', text: found[2] }
  if (kind.image)
    return { type: 'text', text: found[4] === '' ? '[image]' : `[image: ${found[4]}]` }
  if (kind.link) return { type: 'link', href: found[7], children: readInline(found[6], depth) }
  if (kind.strong) return { type: 'strong', children: readInline(found[9], depth) }
  if (kind.strike) return { type: 'strike', children: readInline(found[11], depth) }
  if (kind.emphasis) return { type: 'emphasis', children: readInline(found[13], depth) }
  return { type: 'link', href: found[0], children: [{ type: 'text', text: found[0] }] }
}
