import { Sentence, takePeriod, type ReadPeriod } from '../language/index.ts'
import { wordsOf } from '../../routing/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { textAnswer, type Answer } from './answer.ts'
import { datedFiscalYear } from './fiscal-year.ts'
import { takeOpening } from './opening-words.ts'
import { reportFigures } from './report-figures.ts'

/** What people call ERPNext's reports besides their names. */
const REPORT_WORDS: Record<string, string[]> = {
  'Profit and Loss Statement': [
    'profit and loss',
    'p&l',
    'pnl',
    'p and l',
    'income statement',
    'profit & loss',
    'profit loss',
  ],
  'Balance Sheet': ['balance sheet'],
  'Cash Flow': ['cash flow', 'cashflow', 'cash flow statement'],
  'Trial Balance': ['trial balance'],
  'General Ledger': ['general ledger', 'ledger'],
  'Accounts Receivable': [
    'accounts receivable',
    'ageing of receivables',
    'receivables ageing',
    'receivables aging',
    'ar aging',
    'ar ageing',
    'receivables report',
    'debtor ageing',
  ],
  'Accounts Receivable Summary': ['accounts receivable summary', 'receivables summary'],
  'Accounts Payable': [
    'accounts payable',
    'payables ageing',
    'payables aging',
    'ap aging',
    'payables report',
    'creditor ageing',
  ],
  'Accounts Payable Summary': ['accounts payable summary', 'payables summary'],
  'Stock Balance': ['stock balance', 'stock on hand', 'inventory report', 'inventory balance'],
  'Stock Ledger': ['stock ledger'],
  'Gross Profit': ['gross profit', 'gross margin'],
  'Sales Register': ['sales register'],
  'Purchase Register': ['purchase register'],
  'Sales Analytics': ['sales analytics'],
  'Item-wise Sales Register': ['item wise sales register'],
}

/** "profit and loss this year", "accounts receivable": ERPNext's own reports. */
export async function answerReport(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const sentence = new Sentence(text)
  takeOpening(sentence)
  const period = takePeriod(sentence, planner.today)
  const name = reportIn(sentence.text, planner)
  if (!name) return unknownReport(sentence.text)
  const dated = await datedFiscalYear(period ? { ...period, field: '' } : null, planner)
  const report = await planner.site.call('run_report', {
    report: name,
    filters: reportFilters(name, dated, planner),
    limit: 200,
  })
  const { table } = report
  const rows = table.total ?? table.rows.length
  const figures = reportFigures(name, report, planner)
  const when = period ? ` ${period.words}` : ''
  const text_ =
    rows === 0
      ? `${name}${when} has no rows.`
      : `${name}${when}: ${figures ?? `${planner.wording.number(rows)} rows`}.`
  return {
    events: [
      { type: 'text', text: text_ },
      { type: 'table', table },
    ],
    memory: {},
  }
}

/** A report everyone knows, but this person's site does not offer it. */
function unknownReport(text: string): Answer | null {
  const asked = ` ${wordsOf(text).join(' ')} `
  const known = Object.entries(REPORT_WORDS).find(([, words]) =>
    words.some((word) => asked.includes(` ${wordsOf(word).join(' ')} `)),
  )
  return known ? textAnswer(`There is no report "${known[0]}" that you may run here.`) : null
}

function reportIn(text: string, planner: PlannerTurn): string | null {
  const { reports } = planner.turn.words
  const asked = ` ${wordsOf(text).join(' ')} `
  const candidates = reports.flatMap(({ name, label }) =>
    [name, label, ...(REPORT_WORDS[name] ?? [])].map((words) => ({
      name,
      words: wordsOf(words).join(' '),
    })),
  )
  const hits = candidates.filter(({ words }) => words.includes(' ') && asked.includes(` ${words} `))
  const best = hits.sort((a, b) => b.words.length - a.words.length)[0]
  if (best) return best.name
  const called = /\breport (?:called |named )?(.+)$|^(.+) report\b/.exec(text)
  const words = called ? wordsOf((called[1] ?? called[2])!).join(' ') : null
  return candidates.find((candidate) => candidate.words === words)?.name ?? null
}

function reportFilters(
  name: string,
  period: ReadPeriod | null,
  planner: PlannerTurn,
): Record<string, unknown> {
  const { today, person } = planner.turn
  const company = person.default_company ? { company: person.default_company } : {}
  const from = period?.from ?? `${today.slice(0, 4)}-01-01`
  const to = period?.to ?? (period?.from ? today : `${today.slice(0, 4)}-12-31`)
  if (STATEMENTS.has(name)) {
    return {
      ...company,
      filter_based_on: 'Date Range',
      period_start_date: from,
      period_end_date: to,
      periodicity: 'Yearly',
    }
  }
  if (name === 'Trial Balance') {
    return { ...company, fiscal_year: from.slice(0, 4), from_date: from, to_date: to }
  }
  if (name.startsWith('Accounts ')) {
    return {
      ...company,
      report_date: period?.to ?? today,
      ageing_based_on: 'Due Date',
      range: '30, 60, 90, 120',
      range1: 30,
      range2: 60,
      range3: 90,
      range4: 120,
    }
  }
  return { ...company, from_date: from, to_date: period ? to : today }
}

const STATEMENTS = new Set(['Profit and Loss Statement', 'Balance Sheet', 'Cash Flow'])
