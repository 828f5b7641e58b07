// npm run sbom: writes what a release is made of as CycloneDX, to sbom.cdx.json or the file that is named. It comes from the lock
// file alone, so that it is the same on every machine.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { NotReady, root, runScript } from './bootstrap.mjs'

const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))

const npm = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only']

/** Name and version of a place in the lock file → whether it runs in production. One copy that does is enough. */
const scopes = (lock) => {
  const found = new Map()
  for (const [path, { version, dev, optional, devOptional }] of Object.entries(lock.packages)) {
    const key = `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`
    if (!dev && !optional && !devOptional) found.set(key, 'required')
    else if (!found.has(key)) found.set(key, dev || devOptional ? 'excluded' : 'optional')
  }
  return found
}

const makeBill = () => {
  const made = spawnSync('npm', npm, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (made.error) throw new NotReady(`npm could not be started: ${made.error.message}`)
  if (made.status !== 0) throw new NotReady(`npm ${npm.join(' ')} failed:\n${made.stderr}`)
  const bill = JSON.parse(made.stdout)
  // npm takes the name of the folder, and its own `--omit=dev` leaves out what development and production share.
  bill.metadata.component.name = readJson('package.json').name
  const scopeOf = scopes(readJson('package-lock.json'))
  for (const component of bill.components) component.scope = scopeOf.get(`${component.name}@${component.version}`)
  return bill
}

await runScript(async () => {
  const [file = 'sbom.cdx.json', ...more] = process.argv.slice(2)
  if (more.length > 0 || file.startsWith('-')) throw new NotReady('Usage: npm run sbom -- [FILE]')
  const bill = makeBill()
  writeFileSync(resolve(file), `${JSON.stringify(bill, null, 2)}\n`)
  const inProduction = bill.components.filter(({ scope }) => scope === 'required').length
  process.stderr.write(`${bill.components.length} packages in ${file}, ${inProduction} of them run in production\n`)
  return 0
})
