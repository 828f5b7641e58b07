// npm run soak: makes everything ready, then keeps a wall open on the pinned Node. Arguments go to test/soak/main.ts.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureReady, root, runScript } from './bootstrap.mjs'

await runScript(async () => {
  const node = await ensureReady({ dashboard: true, tests: true })
  const soaking = spawn(node, [join(root, 'test', 'soak', 'main.ts'), ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => soaking.kill(name))
  return await new Promise((resolve, reject) => {
    soaking.once('error', reject)
    soaking.once('exit', (code, signal) => resolve(signal === null ? code : 1))
  })
})
