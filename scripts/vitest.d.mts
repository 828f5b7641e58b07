export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly FileResult[]
}

/** Times in milliseconds since 1970. */
interface FileResult {
  readonly name: string
  readonly status: string
  readonly startTime: number
  readonly endTime: number
  readonly assertionResults: readonly unknown[]
}

export declare const countReport: (report: Report, exitCode: number) => Counts
export declare const summaryLine: (counts: Counts) => string
export declare const slowestLines: (report: Report, count: number) => readonly string[]
