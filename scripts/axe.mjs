// npm run axe: makes everything ready, then looks at every screen with axe-core. Arguments go to test/accessibility/main.ts.
import { runProgram } from './bootstrap.mjs'

await runProgram('test/accessibility/main.ts', { dashboard: true, tests: true })
