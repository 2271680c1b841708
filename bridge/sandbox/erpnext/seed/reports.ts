import type { SiteContext } from '../../site/contract.ts'
import { REPORTS } from '../reports/index.ts'
import { put } from './ground.ts'

/** A Report document for each report, with the roles that may run it. */
export function seedReports(site: SiteContext): void {
  for (const report of REPORTS) {
    put(site, 'Report', {
      name: report.name,
      report_name: report.name,
      ref_doctype: report.refDoctype,
      module: report.module,
      is_standard: 'Yes',
      report_type: 'Script Report',
      add_total_row: report.addTotalRow ? 1 : 0,
      roles: report.roles.map((role) => ({ role })),
    })
  }
}
