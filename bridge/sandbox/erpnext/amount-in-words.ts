const ONES =
  'Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen'.split(
    ' ',
  )
const TENS = 'Zero Ten Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety'.split(' ')
const SCALES: [number, string][] = [
  [1_000_000_000, 'Billion'],
  [1_000_000, 'Million'],
  [1_000, 'Thousand'],
]
const FRACTIONS: Record<string, string> = { USD: 'Cent', EUR: 'Cent', GBP: 'Penny', INR: 'Paisa' }

/** An amount as it stands under ERPNext's totals: "USD One Hundred And Fifty and Twenty Cent only.". */
export function amountInWords(amount: number, currency: string): string {
  const whole = Math.floor(amount + 1e-9)
  const cents = Math.round((amount - whole) * 100)
  const main = `${currency} ${words(whole)}`
  if (!whole && !cents) return `${currency} Zero only.`
  if (!cents) return `${main} only.`
  const fraction = `${words(cents)} ${FRACTIONS[currency] ?? 'Cent'}`
  return whole ? `${main} and ${fraction} only.` : `${fraction} only.`
}

function words(number: number): string {
  if (number < 20) return ONES[number] ?? ''
  if (number < 100) {
    const rest = number % 10
    return (TENS[Math.floor(number / 10)] ?? '') + (rest ? ` ${ONES[rest]}` : '')
  }
  if (number < 1000) {
    const rest = number % 100
    return `${ONES[Math.floor(number / 100)]} Hundred${rest ? ` And ${words(rest)}` : ''}`
  }
  const [size, name] = SCALES.find(([scale]) => number >= scale) ?? [1000, 'Thousand']
  const rest = number % size
  const tail = rest ? `${rest < 100 ? ' And ' : ', '}${words(rest)}` : ''
  return `${words(Math.floor(number / size))} ${name}${tail}`
}
