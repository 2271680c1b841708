import type { AnswerColumn } from '../../../../shared/assistant-protocol.ts'
import type { ToolResults } from '../../tools/tool-contract.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { listed } from '../wording.ts'

/** What is told of a report's last row of totals: its field, and how a sentence says it. */
const OF_TOTAL: Record<string, [field: string, words: string][]> = {
  'Accounts Receivable': [['outstanding', 'outstanding']],
  'Accounts Receivable Summary': [['outstanding', 'outstanding']],
  'Accounts Payable': [['outstanding', 'outstanding']],
  'Accounts Payable Summary': [['outstanding', 'outstanding']],
  'General Ledger': [
    ['debit', 'debit'],
    ['credit', 'credit'],
    ['balance', 'balance'],
  ],
  'Trial Balance': [
    ['closing_debit', 'closing debit'],
    ['closing_credit', 'closing credit'],
  ],
  'Stock Balance': [
    ['bal_qty', 'units in stock'],
    ['bal_val', 'stock value'],
  ],
  'Sales Register': [['grand_total', 'grand total']],
  'Purchase Register': [['grand_total', 'grand total']],
  'Gross Profit': [
    ['selling_amount', 'sold'],
    ['buying_amount', 'cost'],
    ['gross_profit', 'gross profit'],
  ],
}
/** Each of their totals is a figure of its own: income, expense, profit; assets, liabilities. */
const STATEMENTS = new Set(['Profit and Loss Statement', 'Balance Sheet', 'Cash Flow'])
const MOST_FIGURES = 5

/** The report's own totals in words; null when it has none. */
export function reportFigures(
  name: string,
  { table, totals }: ToolResults['run_report'],
  planner: PlannerTurn,
): string | null {
  if (totals.length === 0) return null
  if (STATEMENTS.has(name)) return statementFigures(table.columns, totals, planner)
  const last = totals.at(-1)!
  const known = OF_TOTAL[name]
  const columns = table.columns
  const told = known
    ? known.flatMap(([field, words]) => {
        const column = columns.find(({ key }) => key === field)
        return column ? [{ column, words }] : []
      })
    : columns
        .filter(({ fieldtype, key }) => fieldtype === 'Currency' && Number(last[key]))
        .slice(0, 3)
        .map((column) => ({ column, words: column.label.toLowerCase() }))
  const figures = told.map(
    ({ column, words }) => `${amount(last[column.key], column, planner)} ${words}`,
  )
  return figures.length > 0 ? listed(figures) : null
}

function statementFigures(
  columns: AnswerColumn[],
  totals: Record<string, unknown>[],
  planner: PlannerTurn,
): string | null {
  const value = columns.find(({ key }) => key === 'total') ?? columns.findLast(isAmount)
  if (!value) return null
  const figures = totals.slice(-MOST_FIGURES - 1).flatMap((row) => {
    const label = labelOf(row, columns)
    const isFigure = label !== null && typeof row[value.key] === 'number'
    return isFigure ? [`${label} ${amount(row[value.key], value, planner)}`] : []
  })
  return figures.length > 0 ? figures.slice(-MOST_FIGURES).join(', ') : null
}

function isAmount({ fieldtype }: AnswerColumn): boolean {
  return fieldtype === 'Currency' || fieldtype === 'Float'
}

/** "'Total Income (Credit)'" is told as "Total Income". */
function labelOf(row: Record<string, unknown>, columns: AnswerColumn[]): string | null {
  const label = columns.map(({ key }) => row[key]).find((text) => typeof text === 'string' && text)
  if (typeof label !== 'string') return null
  return label.replace(/^'|'$/g, '').replace(/ \((?:Debit|Credit)\)$/, '')
}

function amount(value: unknown, column: AnswerColumn, planner: PlannerTurn): string {
  const number = Number(value ?? 0)
  const { wording } = planner
  return column.fieldtype === 'Currency'
    ? wording.money(number, column.options)
    : wording.number(number)
}
