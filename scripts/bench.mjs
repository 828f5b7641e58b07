// npm run bench: makes everything ready, then measures on the pinned Node. Arguments go to test/bench/main.ts.
import { runProgram } from './bootstrap.mjs'

await runProgram('test/bench/main.ts', { dashboard: true })
