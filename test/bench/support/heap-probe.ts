import { writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// Loaded into a program with --import: at SIGUSR2 it collects its garbage and writes what memory is left in use.
const file = process.env['BENCH_HEAP_FILE']
if (file !== undefined) {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  process.on('SIGUSR2', () => {
    if (typeof collect === 'function') {
      collect()
      collect()
    }
    const { heapUsed, external } = process.memoryUsage()
    writeFileSync(file, JSON.stringify({ heapBytes: heapUsed + external }))
  })
}
