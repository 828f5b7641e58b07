import { describe, expect, it } from 'vitest'
import { countReport, summaryLine } from '../../../scripts/vitest.mjs'

const report = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
}
const brokenFile = { status: 'failed', assertionResults: [] }

describe('the closing line of the tests', () => {
  it('counts what passed, failed and was skipped', () => {
    const counts = countReport({ ...report, numFailedTests: 2, numPendingTests: 1 }, 1)
    expect(summaryLine(counts)).toBe('7 passed, 2 failed, 1 skipped')
  })

  it('does not speak of skipping when nothing was skipped', () => {
    expect(summaryLine(countReport(report, 0))).toBe('7 passed, 0 failed')
  })

  it('counts a file that could not be loaded', () => {
    expect(countReport({ ...report, testResults: [brokenFile] }, 1).failed).toBe(1)
  })

  it('counts a run that failed outside of any test', () => {
    expect(countReport(report, 1).failed).toBe(1)
  })
})
