import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countReport, slowestLines, summaryLine } from '../../../scripts/vitest.mjs'

const took = (file: string, ms: number) => ({ name: resolve(file), startTime: 10_000, endTime: 10_000 + ms })

const report = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ ...took('test/unit/quick.test.ts', 1_500), status: 'passed', assertionResults: [{}] }],
}
const brokenFile = { ...took('test/unit/broken.test.ts', 0), status: 'failed', assertionResults: [] }

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

  it('names the slowest files, slowest first, and none that is quick', () => {
    const slow = { ...took('test/e2e/slow.test.ts', 125_040), status: 'passed', assertionResults: [{}] }
    expect(slowestLines({ ...report, testResults: [...report.testResults, slow] }, 2)).toEqual([
      '  125.0 s  test/e2e/slow.test.ts',
    ])
  })

  it('counts a run that failed outside of any test', () => {
    expect(countReport(report, 1).failed).toBe(1)
  })
})
