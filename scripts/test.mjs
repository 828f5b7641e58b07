// npm test: makes everything ready, runs every suite, ends with "N passed, N failed". Arguments go to vitest.
import { ensureReady, runScript } from './bootstrap.mjs'
import { runVitest, summaryLine } from './vitest.mjs'

await runScript(async () => {
  const node = await ensureReady({ dashboard: true, tests: true })
  const { exitCode, counts, slowest } = await runVitest(node, process.argv.slice(2))
  if (slowest.length > 0) process.stdout.write(`\nSlowest files:\n${slowest.join('\n')}\n`)
  process.stdout.write(`\n${summaryLine(counts)}\n`)
  return exitCode
})
