// npm run visual: makes everything ready, then compares screens with their pictures. Arguments go to test/visual/main.ts.
import { runProgram } from './bootstrap.mjs'

await runProgram('test/visual/main.ts', { dashboard: true, tests: true })
