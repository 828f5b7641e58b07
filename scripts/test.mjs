// npm test: makes everything ready, runs every suite, ends with "N passed, N failed". Arguments go to vitest.
import { ensureReady, runScript } from './bootstrap.mjs'
import { runVitest, summaryLine } from './vitest.mjs'

await runScript(async () => {
  const node = await ensureReady({ dashboard: true, tests: true })
  const { exitCode, counts } = await runVitest(node, process.argv.slice(2))
  process.stdout.write(`\n${summaryLine(counts)}\n`)
  return exitCode
})
