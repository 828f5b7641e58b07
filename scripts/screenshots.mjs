// npm run screenshots: makes everything ready, then photographs every screen. Arguments go to test/screenshots/main.ts.
import { runProgram } from './bootstrap.mjs'

await runProgram('test/screenshots/main.ts', { dashboard: true, tests: true })
