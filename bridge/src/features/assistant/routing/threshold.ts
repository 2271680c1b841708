import type { RequestClass, RouteDecision } from '../../../shared/assistant-protocol.ts'

/** What a team's corrections taught: the confidence from which a class is answered locally. */
export type Thresholds = Partial<Record<RequestClass, number>>

/** Below this, a model decides where there is one. */
export const DEFAULT_THRESHOLD = 0.5
const LOWEST = 0.3
const HIGHEST = 0.95
/** How far one correction moves a threshold towards the decision it speaks about. */
const RATE = 0.35

export function thresholdOf(thresholds: Thresholds, requestClass: RequestClass): number {
  return thresholds[requestClass] ?? DEFAULT_THRESHOLD
}

/**
 * What a correction changes. A wrong class raises the threshold of that class towards just above the
 * confidence it was decided with; a right one that was sent to a model lowers it towards just below.
 */
export function learn(
  thresholds: Thresholds,
  decided: Pick<RouteDecision, 'class' | 'confidence' | 'handler'>,
  correct: RequestClass,
): Thresholds {
  const wrong = decided.class !== correct
  if (!wrong && decided.handler === 'local') return thresholds
  const now = thresholdOf(thresholds, decided.class)
  const aim = decided.confidence + (wrong ? 0.05 : -0.05)
  const isFurther = wrong ? aim > now : aim < now
  if (!isFurther) return thresholds
  const moved = now + RATE * (aim - now)
  const bounded = Math.min(HIGHEST, Math.max(LOWEST, moved))
  return { ...thresholds, [decided.class]: Math.round(bounded * 1000) / 1000 }
}
