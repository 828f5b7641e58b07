// npm run soak: makes everything ready, then keeps a wall open. Arguments go to test/soak/main.ts.
import { runProgram } from './bootstrap.mjs'

await runProgram('test/soak/main.ts', { dashboard: true, tests: true })
