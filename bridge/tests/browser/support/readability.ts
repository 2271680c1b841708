/// <reference lib="dom" />
import type { Page } from 'playwright-core'

/** Least ratio of text to what is behind it (WCAG 2.2, 1.4.3); least side of what a finger hits. */
const CONTRAST = 4.5
const FINGER_PX = 40

/** What on the page cannot be read, hit or named, each in a line; empty when all can. */
export async function unreadable(page: Page, phone: boolean): Promise<string[]> {
  await page.evaluate(settled)
  const found = await page.evaluate(readPage, {
    contrast: CONTRAST,
    finger: phone ? FINGER_PX : 0,
  })
  return [...new Set(found)]
}

/** Resolves when nothing fades or moves in any more; what turns for ever, as a spinner, may. */
async function settled(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter((each) => Number.isFinite(Number(each.effect?.getComputedTiming().endTime)))
  await Promise.allSettled(ending.map((each) => each.finished))
}

/** Runs in the page: it can use nothing from outside of itself. */
function readPage({ contrast, finger }: { contrast: number; finger: number }): string[] {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const seen = (element: Element) => {
    const box = element.getBoundingClientRect()
    const hidden = getComputedStyle(element).visibility === 'hidden'
    return box.width > 0 && box.height > 0 && !hidden && !element.closest('.sr-only')
  }
  return [...pale(), ...small(), ...nameless(), ...wide()]

  /** Red, green, blue 0 to 255 and alpha 0 to 1 of any CSS colour. */
  function rgba(color: string): number[] {
    if (!pen) return [0, 0, 0, 1]
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = color
    pen.fillRect(0, 0, 1, 1)
    const [r = 0, g = 0, b = 0, a = 0] = pen.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }

  function over(top: number[], below: number[]): number[] {
    const alpha = top[3] ?? 1
    return [0, 1, 2].map((i) => (top[i] ?? 0) * alpha + (below[i] ?? 0) * (1 - alpha))
  }

  function behind(element: Element): number[] {
    const layers: number[][] = []
    for (let each: Element | null = element; each; each = each.parentElement) {
      layers.unshift(rgba(getComputedStyle(each).backgroundColor))
    }
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255])
  }

  function luminance(color: number[]): number {
    const [r = 0, g = 0, b = 0] = color.map((part) => {
      const share = part / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }

  function opacity(element: Element): number {
    let product = 1
    for (let each: Element | null = element; each; each = each.parentElement) {
      product *= Number(getComputedStyle(each).opacity)
    }
    return product
  }

  function pale(): string[] {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const lines: string[] = []
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement
      const text = texts.currentNode.textContent?.trim()
      if (!element || !text || !seen(element) || element.closest('[disabled], script, style'))
        continue
      const strength = opacity(element)
      if (strength < 0.1) continue
      const style = getComputedStyle(element)
      const ink = rgba(element instanceof SVGElement ? style.fill : style.color)
      const paper = behind(element)
      const drawn = over([...ink.slice(0, 3), (ink[3] ?? 1) * strength], paper)
      const [dark = 0, bright = 0] = [luminance(drawn), luminance(paper)].sort((a, b) => a - b)
      const ratio = (bright + 0.05) / (dark + 0.05)
      if (ratio < contrast) lines.push(`pale (${ratio.toFixed(2)}): ${text.slice(0, 60)}`)
    }
    return lines
  }

  function controls(): Element[] {
    const all = 'a[href], button, input, select, textarea, summary'
    return [...document.querySelectorAll(all)].filter(
      (element) => seen(element) && !element.closest('[aria-hidden="true"]'),
    )
  }

  /** Links within a sentence are as high as its lines. */
  function small(): string[] {
    return controls()
      .filter((element) => getComputedStyle(element).display !== 'inline')
      .filter((element) => !element.closest('[role="switch"], [role="checkbox"]'))
      .filter((element) => element.getBoundingClientRect().height < finger - 0.5)
      .map((element) => `small: ${element.outerHTML.slice(0, 100)}`)
  }

  function nameless(): string[] {
    return controls()
      .filter((element) => {
        const labels = element instanceof HTMLInputElement ? element.labels?.length : 0
        const name = element.getAttribute('aria-label') ?? element.getAttribute('aria-labelledby')
        return !name && !labels && !element.textContent?.trim() && !element.getAttribute('title')
      })
      .filter((element) => !(element instanceof HTMLTextAreaElement && element.labels.length))
      .map((element) => `nameless: ${element.outerHTML.slice(0, 100)}`)
  }

  function wide(): string[] {
    const places = [document.documentElement, ...document.querySelectorAll('main, [role="log"]')]
    return places
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => `wider than its place: ${element.tagName}`)
  }
}
