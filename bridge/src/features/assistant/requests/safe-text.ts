/**
 * Makes streamed Markdown harmless: nothing in it can make a page load or lead to a place outside
 * the site. Images, HTML and links to elsewhere lose their address and keep their words; a bare
 * address is named by nothing but "(link removed)". Plain text passes at once; only the beginning
 * of what could become a link, an image or a tag is held back until it is decided.
 */
export class SafeText {
  private held = ''
  private readonly siteUrl: string

  constructor(siteUrl: string) {
    this.siteUrl = siteUrl.replace(/\/+$/, '')
  }

  push(text: string): string {
    const whole = this.held + text
    const cut = undecidedFrom(whole)
    this.held = whole.slice(cut)
    return this.clean(whole.slice(0, cut))
  }

  /** What is left at the end of the text. */
  end(): string {
    const rest = this.held
    this.held = ''
    return this.clean(rest)
  }

  private clean(text: string): string {
    return (
      text
        .replaceAll(LINK, (_whole, _bang: string, label: string, target: string) =>
          this.link(_bang, label, target),
        )
        .replaceAll(TAG, (whole, inside: string) => this.tag(whole, inside))
        .replaceAll(ADDRESS, (address) => (this.isOwn(address) ? address : REMOVED))
        // No images by reference, and no definitions to refer to.
        .replaceAll('![', '[')
        .replaceAll(']:', '] :')
    )
  }

  private link(bang: string, label: string, target: string): string {
    const address = target.trim().replace(/^</, '').split(/[\s>]/)[0] ?? ''
    const words = label.replaceAll(LINK, '$2')
    if (bang === '' && this.isOwn(address)) return `[${words}](${address})`
    return words
  }

  private tag(whole: string, inside: string): string {
    if (!/^\/?[a-z!?]/i.test(inside)) return whole
    return /^(?:https?|ftp|mailto|data|javascript):/i.test(inside) && this.isOwn(inside)
      ? inside
      : ''
  }

  /** A page or a file of the site, by path or by its full address. */
  private isOwn(address: string): boolean {
    const path = address.startsWith(`${this.siteUrl}/`)
      ? address.slice(this.siteUrl.length)
      : address
    return OWN_PATH.test(path)
  }
}

/** The same for a short text that is there as a whole: a title, a question, a label. */
export function safeWords(text: string, siteUrl: string): string {
  const safe = new SafeText(siteUrl)
  return safe.push(text) + safe.end()
}

const OWN_PATH = /^\/(?:app|desk|steward|files|private\/files)(?:[/?#][^\s\\]*)?$/
const REMOVED = '(link removed)'
/** Longest beginning that is held back; what is longer is cleaned as it stands. */
const MOST_HELD = 4_000

const LINK = /(!?)\[((?:[^[\]]|\[[^[\]]*\])*)\]\(((?:[^()]|\([^()]*\))*)\)/g
const TAG = /<([^<>]*)>/g
const ADDRESS =
  /(?:\b(?:https?|ftp|wss?|file|data|javascript|vbscript|mailto):|(?<![\w:/])\/\/(?=[\w-]+\.)|\bwww\.)[^\s<>"'`)\]]+/gi

const SCHEMES = [
  'https',
  'ftp',
  'wss',
  'file',
  'data',
  'javascript',
  'vbscript',
  'mailto',
  'www',
  '//',
]

/** Where the first construct begins that may not be complete yet. */
function undecidedFrom(text: string): number {
  const from = Math.max(0, text.length - MOST_HELD)
  const starts = [openBracket(text, from), openTag(text, from), lastWord(text, from)].filter(
    (index) => index >= 0,
  )
  return starts.length > 0 ? Math.min(...starts) : text.length
}

/** `[label`, `[label]` or `[label](target` without their end; a `!` before it belongs to it. */
function openBracket(text: string, from: number): number {
  const open: number[] = []
  for (let index = from; index < text.length; index += 1) {
    const character = text[index]
    if (character === '[') open.push(index)
    else if (character === '\n' && text[index - 1] === '\n') open.length = 0
    else if (character === ']') {
      const start = open.pop()
      if (start === undefined || open.length > 0) continue
      const end = targetEnd(text, index + 1)
      if (end < 0) return withBang(text, start, from)
      index = end - 1
    }
  }
  if (open[0] !== undefined) return withBang(text, open[0], from)
  return text.endsWith('!') ? text.length - 1 : -1
}

/** Index after the `(target)` at `index`; `index` when there is none; -1 when it is not complete. */
function targetEnd(text: string, index: number): number {
  if (index >= text.length) return -1
  if (text[index] !== '(') return index
  let depth = 0
  for (let at = index; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1
    else if (text[at] === ')') depth -= 1
    if (depth === 0) return at + 1
  }
  return -1
}

function withBang(text: string, index: number, from: number): number {
  return index > from && text[index - 1] === '!' ? index - 1 : index
}

/** A `<` that a tag may follow; `a < b` is none. */
function openTag(text: string, from: number): number {
  const index = text.lastIndexOf('<')
  if (index < from || text.includes('>', index)) return -1
  return /^<(?:$|[/!?a-z])/i.test(text.slice(index, index + 2)) ? index : -1
}

/** A word that may be growing into an address. */
function lastWord(text: string, from: number): number {
  const match = /(?:[a-z][a-z0-9+.-]*:|\/\/|\bwww\.)[^\s<>"'`)\]]*$/i.exec(text.slice(from))
  if (match) return from + match.index
  const tail = /(?<!\w)[a-z/]+$/i.exec(text.slice(from))?.[0] ?? ''
  const grows = SCHEMES.some((scheme) => scheme.startsWith(tail.toLowerCase()))
  return tail !== '' && grows ? text.length - tail.length : -1
}
