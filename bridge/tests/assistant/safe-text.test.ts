import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SafeText } from '../../src/features/assistant/requests/safe-text.ts'

const clean = (...pieces: string[]): string => {
  const safe = new SafeText('https://erp.example.com')
  return pieces.map((piece) => safe.push(piece)).join('') + safe.end()
}

/** What a browser or a Markdown renderer could fetch or follow. */
const DANGER = /https?:\/\/(?!erp\.example\.com\/)|<img|!\[|evil\.example|data:text|javascript:\S/i

const HOSTILE = [
  '![x](https://evil.example/p.png)',
  '![x](//evil.example/p.png)',
  '[click](https://evil.example/?q=secret)',
  '[a [b] c](https://evil.example)',
  '[![x](https://evil.example/i.png)](https://evil.example)',
  '<img src="https://evil.example/p.png">',
  '<IMG SRC=//evil.example/p>',
  '<a href="https://evil.example">x</a>',
  '<https://evil.example/x>',
  'see https://evil.example/x?d=1 now',
  'see www.evil.example/x now',
  '[x]: https://evil.example/p.png\n![x]',
  '[x](javascript:alert(1))',
  '[x](data:text/html,hi)',
  '[x](\\\\evil.example\\p)',
  '[x](/\\evil.example/p)',
  '[x](https://erp.example.com.evil.example/)',
  '[x](https://erp.example.com@evil.example/)',
  '<svg onload=fetch("https://evil.example")>',
]

describe('answer text', () => {
  it.each(HOSTILE)('cannot load or lead elsewhere: %s', (text) => {
    expect(clean(text)).not.toMatch(DANGER)
  })

  it.each(HOSTILE)('is cleaned the same however it is cut: %s', (text) => {
    const whole = `Before ${text} after`
    fc.assert(
      fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 6 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
        const pieces = at.slice(1).map((end, index) => whole.slice(at[index], end))
        expect(clean(...pieces)).toBe(clean(whole))
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    'Grand total: 1,234.50 EUR (10 % off) for [Alder Works](/app/customer/Alder%20Works).',
    'a < b and c > d, 5*3, `code`, **bold**, [ ] task',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    'Here is the data: five rows.',
    'See https://erp.example.com/app/item/X for more.',
  ])('leaves harmless text as it is: %s', (text) => {
    expect(clean(text)).toBe(text)
    expect(clean(...text)).toBe(text)
  })

  it('lets plain words through at once', () => {
    const safe = new SafeText('https://erp.example.com')
    expect(safe.push('There are ')).toBe('There are ')
    expect(safe.push('12 open invoices')).toBe('12 open invoices')
  })

  it('takes long nonsense in its stride', () => {
    const nonsense = [
      '['.repeat(20_000),
      '!['.repeat(10_000),
      '<'.repeat(20_000),
      '[a]('.repeat(5_000),
    ]
    // Quadratic work on this would outlast the test's time limit.
    expect(clean(...nonsense).length).toBeLessThanOrEqual(nonsense.join('').length)
  })
})
