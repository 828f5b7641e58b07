// npm run screenshots: makes everything ready, then looks at every screen on the pinned Node. Arguments go to test/screenshots/main.ts.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureReady, root, runScript } from './bootstrap.mjs'

await runScript(async () => {
  const node = await ensureReady({ dashboard: true, tests: true })
  const looking = spawn(node, [join(root, 'test', 'screenshots', 'main.ts'), ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => looking.kill(name))
  return await new Promise((resolve, reject) => {
    looking.once('error', reject)
    looking.once('exit', (code, signal) => resolve(signal === null ? code : 1))
  })
})
