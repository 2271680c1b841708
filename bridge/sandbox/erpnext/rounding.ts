/**
 * Money is rounded as a site set up by ERPNext 15's wizard does it: "Banker's Rounding", where a tie
 * is judged within the error of a double.
 */
export function roundTo(value: number, precision = 2): number {
  const multiplier = 10 ** precision
  const scaled = Number((value * multiplier).toFixed(12))
  if (scaled === 0 || !Number.isFinite(scaled)) return 0
  const floor = Math.floor(scaled)
  const tolerance = 2 ** (Math.log2(Math.abs(scaled)) - 52)
  const isTie = Math.abs(scaled - floor - 0.5) < tolerance
  if (isTie) return (floor % 2 === 0 ? floor : floor + 1) / multiplier
  return Math.round(scaled) / multiplier
}

/** The rounded total: to the currency's smallest coin, else to whole units. */
export function roundToSmallestFraction(value: number, smallest: number, precision = 2): number {
  if (!smallest) return roundTo(value, 0)
  const multiplier = 10 ** precision
  const rest = roundTo(modulo(value * multiplier, smallest * multiplier) / multiplier, precision)
  return roundTo(rest > smallest / 2 ? value + smallest - rest : value - rest, precision)
}

/** Python's `%`: the result has the divisor's sign. */
function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}
