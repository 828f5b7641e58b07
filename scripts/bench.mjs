// npm run bench: makes everything ready, then measures on the pinned Node. Arguments go to test/bench/main.ts.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureReady, root, runScript } from './bootstrap.mjs'

await runScript(async () => {
  const node = await ensureReady({ dashboard: true })
  const bench = spawn(node, [join(root, 'test', 'bench', 'main.ts'), ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => bench.kill(name))
  return await new Promise((resolve, reject) => {
    bench.once('error', reject)
    bench.once('exit', (code, signal) => resolve(signal === null ? code : 1))
  })
})
