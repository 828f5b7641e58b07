import { defineConfig } from 'vitest/config'

// unit      pure, no I/O, part of `npm run check`
// contract  every port's suite on fakes and real adapters; real databases, brokers and pseudo-terminals
// faults    kills, cuts and noise against real processes
// e2e       the whole path in a real browser
const project = (name: string, include: string[], timeoutMs: number, serial = false) => ({
  test: {
    name,
    include,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    setupFiles: ['test/support/pinned-node.ts'],
    ...(serial ? { fileParallelism: false } : {}),
  },
})

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/architecture/**/*.test.ts'], 30_000),
      project('contract', ['test/contract/**/*.test.ts'], 60_000),
      project('faults', ['test/faults/**/*.test.ts'], 180_000, true),
      project('e2e', ['test/e2e/**/*.test.ts'], 600_000, true),
    ],
  },
})
