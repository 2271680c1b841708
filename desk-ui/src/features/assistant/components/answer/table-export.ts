import type { AnswerColumn } from '../../../../bridge/protocol.ts'

type Row = Record<string, unknown>

/** RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8. */
export function toCsv(columns: AnswerColumn[], rows: Row[]): string {
  const lines = [
    columns.map(({ label }) => csvCell(label)),
    ...rows.map((row) => columns.map(({ key }) => csvCell(row[key]))),
  ]
  return `\uFEFF${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`
}

/** Tab-separated, as spreadsheets take it from the clipboard. */
export function toTsv(columns: AnswerColumn[], rows: Row[]): string {
  const lines = [
    columns.map(({ label }) => label),
    ...rows.map((row) => columns.map(({ key }) => tsvCell(row[key]))),
  ]
  return lines.map((cells) => cells.join('\t')).join('\n')
}

/** A cell that a spreadsheet would take for a formula is marked as text. */
function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function tsvCell(value: unknown): string {
  return csvCell(value).replace(/[\t\r\n]+/g, ' ')
}
