import type { AnswerTable } from '../../../shared/assistant-protocol.ts'
import type { ProposalResult, ToolName, ToolResults } from './tool-contract.ts'

/** What a tool does, while it does it. */
export const TOOL_LABELS: Record<ToolName, string> = {
  find_doctype: 'Finding the right kind of document',
  describe_doctype: 'Reading how a document is built',
  list_records: 'Listing records',
  read_record: 'Reading a document',
  aggregate: 'Adding up',
  list_reports: 'Looking for reports',
  run_report: 'Running a report',
  search: 'Searching',
  propose_create: 'Preparing a new document',
  propose_update: 'Preparing a change',
  propose_submit: 'Preparing to submit',
  propose_cancel: 'Preparing to cancel',
  propose_amend: 'Preparing an amended draft',
  propose_delete: 'Preparing to delete',
  propose_mapped: 'Preparing the next document',
  ask_person: 'Asking you',
}

/** One short sentence of what a tool found, for the person who watches. */
export function toolSummary<N extends ToolName>(name: N, result: ToolResults[N]): string {
  if ('status' in result) return proposalSummary(result)
  if ('table' in result) return tableSummary(result.table)
  if ('matches' in result) return counted(result.matches.length, 'match', 'matches')
  if ('reports' in result) return counted(result.reports.length, 'report', 'reports')
  if ('document' in result) return `${result.document.doctype} ${result.document.name}`
  if ('asked' in result) return result.asked.text
  return 'doctype' in result ? result.doctype : name
}

function tableSummary(table: AnswerTable): string {
  const rows = counted(table.rows.length, 'row', 'rows')
  return table.total !== null && table.total > table.rows.length
    ? `${rows} of ${table.total}`
    : rows
}

function proposalSummary(result: ProposalResult): string {
  if (result.status === 'proposed') return result.operation_list.summary
  if (result.status === 'refused') return result.message
  const many = result.status === 'ambiguous' ? 'fits several documents' : 'was not found'
  return `"${result.asked}" ${many}`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
