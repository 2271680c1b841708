import { expect, it } from 'vitest'
import { parseMarkdown } from './markdown.ts'

it('reads paragraphs, emphasis, code and lists', () => {
  expect(parseMarkdown('Some **bold**, *soft* and `code`.')).toEqual([
    {
      type: 'paragraph',
      children: [
        { type: 'text', text: 'Some ' },
        { type: 'strong', children: [{ type: 'text', text: 'bold' }] },
        { type: 'text', text: ', ' },
        { type: 'emphasis', children: [{ type: 'text', text: 'soft' }] },
        { type: 'text', text: ' and ' },
        { type: 'code', text: 'code' },
        { type: 'text', text: '.' },
      ],
    },
  ])
  const [list] = parseMarkdown('3. three\n4. four\n   - inside')
  expect(list).toMatchObject({ type: 'list', ordered: true, start: 3 })
  expect(list?.type === 'list' && list.items[1]?.[1]).toMatchObject({
    type: 'list',
    ordered: false,
  })
})

it('reads tables and keeps escaped bars', () => {
  expect(parseMarkdown('| a | b |\n|---|--:|\n| 1 | x\\|y |')).toEqual([
    {
      type: 'table',
      header: [[{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }]],
      rows: [[[{ type: 'text', text: '1' }], [{ type: 'text', text: 'x|y' }]]],
    },
  ])
})

it('leaves names with underscores and HTML as they are', () => {
  const text = 'field tax_id of <img src=x onerror=alert(1)> snake_case_name'
  expect(parseMarkdown(text)).toEqual([{ type: 'paragraph', children: [{ type: 'text', text }] }])
})

it('turns an image into its description, wherever it points', () => {
  expect(parseMarkdown('![a pixel](https://evil.example/p.png)')).toEqual([
    { type: 'paragraph', children: [{ type: 'text', text: '[image: a pixel]' }] },
  ])
})

it('ends on any input, also a half streamed one', () => {
  for (const text of [
    '```\nnot closed',
    '**',
    '[a](',
    '| a |\n|--',
    '> > > > > > > deep',
    '- \n- ',
  ]) {
    expect(parseMarkdown(text).length).toBeGreaterThan(0)
  }
  const started = performance.now()
  parseMarkdown('**a '.repeat(4000))
  parseMarkdown(`${'['.repeat(4000)}`)
  expect(performance.now() - started).toBeLessThan(1000)
})
