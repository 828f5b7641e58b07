import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

// Loaded into a program with --import: watches its event loop, forgets at SIGUSR2 what it saw, and writes the rest at the end.
const file = process.env['BENCH_LOOP_DELAY_FILE']
if (file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: 10 })
  delays.enable()
  process.on('SIGUSR2', () => delays.reset())
  // A program without a handler of its own would end without `exit`.
  process.once('SIGTERM', () => process.listenerCount('SIGTERM') === 0 && process.exit(0))
  process.once('exit', () =>
    writeFileSync(file, JSON.stringify({ p99Ms: delays.percentile(99) / 1e6, maxMs: delays.max / 1e6 })),
  )
}
