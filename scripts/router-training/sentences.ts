import { readFileSync, readdirSync } from 'node:fs'
import type { RequestClass } from '../../bridge/src/shared/assistant-protocol.ts'
import {
  createVocabulary,
  type Vocabulary,
} from '../../bridge/src/features/assistant/routing/index.ts'
import { createRandom, type Random } from './random.ts'

const FOLDER = new URL('../../bridge/src/features/assistant/routing/training/', import.meta.url)

/** One line of training text: `(a|b)` are alternatives, `{slot}` is filled. */
export interface Pattern {
  class: RequestClass
  text: string
}

export function readPatterns(): Pattern[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt') && file !== 'slots.txt')
    .sort()
    .flatMap((file) =>
      linesOf(file).map((text) => ({ class: file.slice(0, -4) as RequestClass, text })),
    )
}

/** `count` sentences of each pattern, some with a typing slip, some in capitals. */
export function expandPatterns(patterns: Pattern[], count: number): Pattern[] {
  const slots = readSlots()
  return patterns.flatMap((pattern) => {
    const random = createRandom(pattern.text)
    return Array.from({ length: count }, () => ({
      class: pattern.class,
      text: roughened(surrounded(expand(pattern.text, slots, random), random), random),
    }))
  })
}

/** Everyday words only: no site, no names. */
export function trainingVocabulary(): Vocabulary {
  return createVocabulary({ version: 'training', language: 'en', doctypes: [], reports: [] })
}

function expand(text: string, slots: Map<string, string[]>, random: Random): string {
  let expanded = text
  for (let inner = innermost(expanded); inner; inner = innermost(expanded)) {
    expanded = expanded.replace(inner[0], random.pick(inner[1]!.split('|')))
  }
  const filled = expanded.replace(/\{(\w+)\|?\}/g, (_, slot: string) => filler(slot, slots, random))
  return filled.replace(/\s+/g, ' ').trim()
}

function innermost(text: string): RegExpExecArray | null {
  return /\(([^()]*)\)/.exec(text)
}

const NAMES = new Set(['customer', 'supplier', 'item'])

/** A third of all names are made up on the spot, so that no name in particular is learned. */
function filler(slot: string, slots: Map<string, string[]>, random: Random): string {
  if (NAMES.has(slot) && random.next() < 0.4) return madeUpName(random)
  return random.pick(slots.get(slot) ?? [''])
}

function madeUpName(random: Random): string {
  const syllables =
    'ba co da el fi gra hu in jo ka lu mi no or pe qua ri sa tu va wo xe ya zo'.split(' ')
  const word = () => {
    const letters = Array.from({ length: 2 + Math.floor(random.next() * 2) }, () =>
      random.pick(syllables),
    ).join('')
    return random.next() < 0.6 ? letters[0]!.toUpperCase() + letters.slice(1) : letters
  }
  return random.next() < 0.5 ? word() : `${word()} ${word()}`
}

/** What people say around a request, whatever it is about. */
const BEFORE = (
  'hi, |hey, |quick one: |one more thing: |sorry to bother you, |ok so |so, |right, |next: |' +
  'for the meeting: |could you maybe |would you be able to |i was wondering, |for my records, |' +
  'before i forget: |when you have a minute, |and then |now |actually, |fyi |listen, |well, '
).split('|')
const AFTER = (
  ', please| please| for me|, thanks| thx| asap| when you have a moment|, if possible| right away|' +
  '. thank you| now| again|, would you|, ok?| - urgent|, cheers'
).split('|')

/** A fifth of all sentences, of every class alike, so that none of it says anything by itself. */
function surrounded(text: string, random: Random): string {
  const before = random.next() < 0.12 ? random.pick(BEFORE) : ''
  const after = random.next() < 0.08 ? random.pick(AFTER) : ''
  return `${before}${after ? text.replace(/[?.!]$/, '') : text}${after}`
}

function roughened(text: string, random: Random): string {
  const chance = random.next()
  if (chance < 0.12 && text.length > 8) {
    const at = 1 + Math.floor(random.next() * (text.length - 2))
    return chance < 0.06
      ? text.slice(0, at) + text.slice(at + 1)
      : text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
  }
  if (chance < 0.2) return text.replace(/[?.!]$/, '')
  return chance < 0.25 ? `please ${text}` : text
}

function readSlots(): Map<string, string[]> {
  return new Map(
    linesOf('slots.txt').map((line) => {
      const [name = '', values = ''] = line.split(/:(.*)/s)
      return [name, values.split('|').map((value) => value.trim())]
    }),
  )
}

function linesOf(file: string): string[] {
  return readFileSync(new URL(file, FOLDER), 'utf8')
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
}
