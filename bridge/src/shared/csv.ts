/** CSV (RFC 4180) with a heading line. Text is quoted, and what a spreadsheet would run disarmed. */
export function csvOf(columns: string[], rows: (string | number | null)[][]): string {
  const lines = [columns, ...rows.map((row) => row.map(cell))]
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}

function cell(value: string | number | null): string | number {
  if (typeof value === 'number') return value
  const text = value ?? ''
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
