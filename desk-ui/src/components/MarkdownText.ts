import { defineComponent, h } from 'vue'
import type { VNodeChild } from 'vue'
import { parseMarkdown } from './markdown.ts'
import type { Block, Inline } from './markdown.ts'
import SiteLink from './SiteLink.vue'

/** Draws an answer's Markdown with elements of its own; see `markdown.ts` for what it never does. */
export default defineComponent({
  name: 'MarkdownText',
  props: { text: { type: String, required: true } },
  setup(props) {
    return () =>
      h(
        'div',
        { class: 'space-y-2.5 text-p-base text-ink-gray-8' },
        parseMarkdown(props.text).map(drawBlock),
      )
  },
})

function drawBlock(block: Block): VNodeChild {
  switch (block.type) {
    case 'paragraph':
      return h('p', { class: 'whitespace-pre-wrap break-words' }, block.children.map(drawInline))
    case 'heading': {
      const level = Math.min(6, block.level + 2)
      return h(
        `h${level}`,
        { class: 'pt-1 text-base-semibold text-ink-gray-9' },
        block.children.map(drawInline),
      )
    }
    case 'code':
      return h(
        'pre',
        { class: 'overflow-x-auto rounded-4 bg-surface-gray-2 p-3 text-sm', tabindex: 0 },
        h('code', block.text),
      )
    case 'quote':
      return h(
        'blockquote',
        { class: 'border-l-2 border-outline-gray-3 pl-3 text-ink-gray-7' },
        block.blocks.map(drawBlock),
      )
    case 'list':
      return drawList(block)
    case 'table':
      return drawTable(block)
    case 'rule':
      return h('hr', { class: 'border-outline-gray-2' })
  }
}

function drawList(block: Extract<Block, { type: 'list' }>): VNodeChild {
  const items = block.items.map((item) =>
    h('li', { class: 'space-y-1 pl-0.5' }, item.map(drawBlock)),
  )
  const marks = block.ordered ? 'list-decimal' : 'list-disc'
  const start = block.ordered && block.start !== 1 ? { start: block.start } : {}
  return h(block.ordered ? 'ol' : 'ul', { class: `${marks} space-y-1 pl-5`, ...start }, items)
}

function drawTable(block: Extract<Block, { type: 'table' }>): VNodeChild {
  const cell = (tag: string, look: string) => (content: Inline[]) =>
    h(tag, { class: `px-2 py-1.5 text-left align-top ${look}` }, content.map(drawInline))
  const head = h('tr', block.header.map(cell('th', 'text-sm-medium text-ink-gray-7')))
  const rows = block.rows.map((row) =>
    h('tr', { class: 'border-t border-outline-gray-1' }, row.map(cell('td', ''))),
  )
  return h('div', { class: 'overflow-x-auto rounded-4 border border-outline-gray-1' }, [
    h('table', { class: 'w-full text-sm' }, [
      h('thead', { class: 'bg-surface-gray-1' }, head),
      h('tbody', rows),
    ]),
  ])
}

function drawInline(inline: Inline): VNodeChild {
  switch (inline.type) {
    case 'text':
      return inline.text
    case 'code':
      return h('code', { class: 'rounded-2 bg-surface-gray-2 px-1 py-0.5 text-sm' }, inline.text)
    case 'strong':
      return h(
        'strong',
        { class: 'font-semibold text-ink-gray-9' },
        inline.children.map(drawInline),
      )
    case 'emphasis':
      return h('em', inline.children.map(drawInline))
    case 'strike':
      return h('s', inline.children.map(drawInline))
    case 'link':
      return drawLink(inline)
  }
}

/** A link elsewhere keeps its words and shows where it would have led. */
function drawLink(link: Extract<Inline, { type: 'link' }>): VNodeChild {
  return h(SiteLink, { href: link.href }, () => link.children.map(drawInline))
}
