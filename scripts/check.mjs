// npm run check: what every change must pass, in well under a minute: format, lint, types, unit and architecture
// tests, generated documents. Prints what failed in full, then one line per step and the sum.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureReady, root, runScript } from './bootstrap.mjs'
import { runVitest, summaryLine } from './vitest.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)

const command = (program, ...args) => ({
  run: (onOutput) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
      child.stdout.setEncoding('utf8').on('data', onOutput)
      child.stderr.setEncoding('utf8').on('data', onOutput)
      child.once('error', reject)
      child.once('close', (code) => resolve({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }))
    }),
})

const steps = (node) => [
  {
    name: 'unit and architecture tests',
    run: async (onOutput) => (await runVitest(node, ['--project', 'unit'], onOutput)).counts,
  },
  { name: 'lint', ...command(bin('oxlint'), '--type-aware') },
  { name: 'types: programs and tests', ...command(bin('tsc'), '-p', '.') },
  { name: 'types: dashboard', ...command(bin('tsc'), '-p', 'dashboard') },
  { name: 'types: status page', ...command(bin('tsc'), '-p', join('gateway', 'status-page')) },
  { name: 'types: domain', ...command(bin('tsc'), '-p', 'domain') },
  { name: 'generated documents', ...command(node, join('scripts', 'generate-docs.ts'), '--check') },
  { name: 'format', ...command(bin('oxfmt'), '--check', '.') },
]

/** Two at a time: each step uses more than one core for part of its life. */
const runAll = async (all) => {
  const queue = [...all]
  const results = []
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const start = performance.now()
      let output = ''
      const counts = await next.run((text) => (output += text))
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      results.push({ name: next.name, counts, seconds, output })
      process.stderr.write(`  ${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${next.name} (${seconds} s)\n`)
    }
  }
  await Promise.all([worker(), worker()])
  return results
}

const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped })

await runScript(async () => {
  const node = await ensureReady()
  const start = performance.now()
  const results = await runAll(steps(node))
  const failures = results.filter((result) => result.counts.failed > 0)
  for (const { name, output } of failures) process.stdout.write(`\n── ${name}\n${output.trim()}\n`)
  const total = results.map((result) => result.counts).reduce(add)
  if (failures.length > 0) process.stdout.write(`\nfailed: ${failures.map((failure) => failure.name).join(', ')}\n`)
  process.stdout.write(`checked in ${((performance.now() - start) / 1000).toFixed(1)} s\n${summaryLine(total)}\n`)
  return failures.length === 0 ? 0 : 1
})
