/** Model cost is counted in integer nano-USD (1 USD = 1,000,000,000), as a bigint in code and in SQL. */
export type NanoUsd = bigint

const NANO_PER_USD = 1_000_000_000

/** Nano-USD of a decimal dollar amount, rounded up: a price is never rounded to less than it is. */
export function nanoUsdFromUsd(usd: number): NanoUsd {
  return BigInt(Math.ceil(usd * NANO_PER_USD - 1e-6))
}

/** Dollars as a number, for display and JSON only. */
export function usdFromNanoUsd(nano: NanoUsd): number {
  return Number(nano) / NANO_PER_USD
}
