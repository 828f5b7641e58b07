// npm start: makes everything ready, then runs the demonstration on the pinned Node. Arguments go to simulators/demo.ts.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureReady, root, runScript } from './bootstrap.mjs'

await runScript(async () => {
  const asked = process.argv.slice(2)
  const helpOnly = asked.includes('--help') || asked.includes('-h')
  const node = await ensureReady({ dashboard: !helpOnly })
  const demo = spawn(node, [join(root, 'simulators', 'demo.ts'), ...asked], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both of us, npm sends more: the demonstration counts the first and ends by itself.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => demo.kill(name))
  return await new Promise((resolve, reject) => {
    demo.on('error', reject)
    demo.on('exit', (code, signal) => resolve(signal === null ? code : 1))
  })
})
