/**
 * `PASSED FAILED` of a vitest JSON report, given the report and the run's exit code. A run that
 * failed without a failed test (it crashed, leaked, was stopped or wrote no report) counts as one.
 */
import { readFileSync } from 'node:fs'

const [path, exitCode] = process.argv.slice(2)
const report = readReport(path)
const passed = report?.numPassedTests ?? 0
const failed = (report?.numFailedTests ?? 0) + filesFailedWhole(report)
const crashed = failed === 0 && (exitCode !== '0' || report === null)
console.log(passed, crashed ? 1 : failed)

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** Test files that failed although none of their tests did: they could not be loaded or set up. */
function filesFailedWhole(found) {
  const failed = (found?.testResults ?? []).filter((file) => file.status === 'failed')
  return failed.filter((file) => file.assertionResults.every((test) => test.status !== 'failed'))
    .length
}
