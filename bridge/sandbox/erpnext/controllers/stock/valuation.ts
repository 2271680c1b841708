import { roundTo } from '../../rounding.ts'
import type { StockQueue } from './stock-move.ts'

/** Puts `quantity` into the queue at `rate`; what was owed is settled first. */
export function putIn(queue: StockQueue, quantity: number, rate: number): StockQueue {
  const next: StockQueue = queue.map(([count, cost]) => [count, cost])
  const last = next.at(-1)
  if (last && last[0] < 0) {
    const settled = last[0] + quantity
    if (settled > 0) next[next.length - 1] = [settled, rate]
    else last[0] = settled
  } else if (last && last[1] === rate) last[0] += quantity
  else next.push([quantity, rate])
  return next.filter(([count]) => roundTo(count, 9) !== 0)
}

/** Takes `quantity` out, oldest first; what is missing is owed at the last known rate. */
export function takeOut(
  queue: StockQueue,
  quantity: number,
  fallbackRate: number,
): { queue: StockQueue; value: number } {
  const next: StockQueue = queue.map(([count, cost]) => [count, cost])
  let missing = quantity
  let value = 0
  let rate = fallbackRate
  while (missing > 1e-9 && next[0] && next[0][0] > 0) {
    const batch = next[0]
    const taken = Math.min(batch[0], missing)
    value += taken * batch[1]
    rate = batch[1]
    batch[0] = roundTo(batch[0] - taken, 9)
    missing = roundTo(missing - taken, 9)
    if (batch[0] <= 0) next.shift()
  }
  if (missing > 1e-9) {
    value += missing * rate
    next.push([-missing, rate])
  }
  return { queue: next, value }
}

export function quantityIn(queue: StockQueue): number {
  return roundTo(
    queue.reduce((sum, [count]) => sum + count, 0),
    9,
  )
}

export function valueOf(queue: StockQueue): number {
  return queue.reduce((sum, [count, rate]) => sum + count * rate, 0)
}
