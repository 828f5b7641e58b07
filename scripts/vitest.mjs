// Runs vitest on the pinned Node and counts what it found.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { root } from './bootstrap.mjs'

/**
 * Counts in a report of vitest's JSON reporter. A file that could not be loaded counts as one failure, and so does
 * a run that failed outside of any test.
 */
export const countReport = (report, exitCode) => {
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const failed = report.numFailedTests + broken.length
  return {
    passed: report.numPassedTests,
    failed: exitCode !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** `N passed, N failed`, and `, N skipped` when there are any. */
export const summaryLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/** One line for each of the `count` files that took longest, from 10 s on, slowest first: where the minutes went. */
export const slowestLines = (report, count) =>
  report.testResults
    .map((file) => ({ name: relative(root, file.name), seconds: (file.endTime - file.startTime) / 1000 }))
    .filter(({ seconds }) => seconds >= 10)
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`)

const ended = (child) =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })

/** Runs vitest with `args`; `onOutput` takes what it writes, without it the terminal is shared. */
export const runVitest = async (node, args, onOutput) => {
  const folder = mkdtempSync(join(tmpdir(), 'infusion-watch-report-'))
  const reportFile = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
    const vitest = join('node_modules', 'vitest', 'vitest.mjs')
    const child = spawn(node, [vitest, 'run', ...reporters, ...args], {
      cwd: root,
      env: { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) },
      stdio: onOutput ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    })
    if (onOutput) {
      child.stdout.setEncoding('utf8').on('data', onOutput)
      child.stderr.setEncoding('utf8').on('data', onOutput)
    }
    const exitCode = await ended(child)
    return { exitCode, ...readReport(reportFile, exitCode) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const readReport = (reportFile, exitCode) => {
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8'))
    return { counts: countReport(report, exitCode), slowest: slowestLines(report, 15) }
  } catch {
    return { counts: { passed: 0, failed: 1, skipped: 0 }, slowest: [] }
  }
}
