import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { connectAsync } from 'mqtt'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { Nurse } from '#test/support/nurse.ts'
import { Program, repository } from '#test/support/program.ts'
import type { HubStatus } from '#gateway/core/health.ts'

// The installer for real below a prefix: copies, switches, starts a gateway process from what it installed. Only systemd is played.

const released = [
  'domain',
  'gateway',
  'deploy',
  'docs',
  'package.json',
  'package-lock.json',
  '.npmrc',
  'LICENSE',
  'scripts',
]
const pumpId = 'P-1'

interface LockedPackage {
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
}

/** The packages of a release, as `npm ci --omit=dev --omit=optional` would bring them, without a network. */
const productionModules = async (to: string): Promise<void> => {
  const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  for (const [path, { dev, optional, devOptional }] of Object.entries(lock.packages)) {
    const nested = path.lastIndexOf('node_modules/') > 0
    if (path === '' || nested || dev || optional || devOptional || !existsSync(join(repository, path))) continue
    await cp(join(repository, path), join(to, path.slice('node_modules/'.length)), { recursive: true })
  }
}

class Machine {
  readonly root: string
  readonly prefix: string
  readonly statusPort: number
  readonly modules: string

  constructor(root: string, statusPort: number) {
    this.root = root
    this.prefix = join(root, 'machine')
    this.modules = join(root, 'modules')
    this.statusPort = statusPort
  }

  static async make(): Promise<Machine> {
    const machine = new Machine(await mkdtemp(join(tmpdir(), 'install-')), await freePort())
    await mkdir(join(machine.root, 'stub'))
    onTestFinished(async () => {
      await machine.systemctl('stop', 'infusion-watch-gateway').catch(() => {})
      await rm(machine.root, { recursive: true, force: true })
    })
    return machine
  }

  path(...parts: readonly string[]): string {
    return join(this.prefix, ...parts)
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      SYSTEMCTL: join(repository, 'test/support/systemctl-stub.sh'),
      STUB_UNITS: this.path('etc/systemd/system'),
      STUB_DIR: join(this.root, 'stub'),
    }
  }

  get current(): string {
    return basename(realpathSync(this.path('opt/infusion-watch/current')))
  }

  get pid(): number {
    return Number(readFileSync(join(this.root, 'stub/infusion-watch-gateway.pid'), 'utf8'))
  }

  /** A source tree like a downloaded release, changed by `change`. */
  async source(name: string, change: (folder: string) => Promise<void> = async () => {}): Promise<string> {
    const folder = join(this.root, name)
    for (const part of released) await cp(join(repository, part), join(folder, part), { recursive: true })
    await change(folder)
    return folder
  }

  #run(file: string, args: readonly string[]): Promise<{ code: number; said: string }> {
    return new Promise((resolve) => {
      execFile(file, args, { env: this.env, cwd: this.root }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, said: stdout + stderr })
      }).stdin?.end()
    })
  }

  install(source: string, ...more: readonly string[]): Promise<{ code: number; said: string }> {
    const args = ['--prefix', this.prefix, '--node', process.execPath, '--node-modules', this.modules]
    return this.#run(join(source, 'deploy/install-gateway.sh'), [...args, ...more])
  }

  gateway(...args: readonly string[]): Promise<{ code: number; said: string }> {
    return this.#run(this.path('usr/local/bin/infusion-watch-gateway'), args)
  }

  systemctl(...args: readonly string[]): Promise<{ code: number; said: string }> {
    return this.#run(this.env['SYSTEMCTL'] ?? '', args)
  }

  async status(): Promise<HubStatus> {
    return (await (await fetch(`http://127.0.0.1:${this.statusPort}/status`)).json()) as HubStatus
  }
}

const editFile = async (path: string, edit: (text: string) => string): Promise<void> => {
  const before = await readFile(path, 'utf8')
  const after = edit(before)
  expect(after).not.toBe(before)
  await writeFile(path, after)
}

const serverIn = async (folder: string, port: number, first: boolean): Promise<Program> => {
  await mkdir(folder, { recursive: true })
  const env = { PORT: String(port), DATA_DIR: folder, DEMO: '1', DEMO_ACCOUNTS: first ? '1' : '0' }
  const server = new Program({ name: 'server', args: ['server/main.ts', 'run'], env })
  onTestFinished(() => server[Symbol.asyncDispose]())
  const ready = async (): Promise<boolean> => (await fetch(`http://localhost:${port}/readyz`)).ok
  await eventually(ready, { within: 30_000, every: 100, what: 'the server' })
  return server
}

interface Access {
  readonly users: readonly { readonly role: string; readonly name: string; readonly password: string }[]
  readonly claim: { readonly id: string; readonly code: string }
}

const samples = 25
const codes = ['air-in-line', 'occlusion-downstream', 'battery-low']

/** Telemetry and alarms of one MQTT pump, each acknowledged, so on the hub's disk. */
const publishAll = async (port: number): Promise<void> => {
  const pump = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: pumpId,
    username: pumpId,
    password: 'secret-of-the-pump',
  })
  const say = (kind: string, body: unknown) =>
    pump.publishAsync(`pumps/${pumpId}/${kind}`, JSON.stringify(body), { qos: 1 })
  await say('status', { online: true, intervalMs: 1_000, measurementStatus: ['demo'] })
  for (const code of codes) await say('alarm', { code, phase: 'start', priority: 'high' })
  for (let n = 0; n < samples; n += 1)
    await say('telemetry', { operatingState: 'stopped-alarm', activeAlarms: codes, infusedTotalMl: n })
  await pump.endAsync()
}

const possible = spawnSync('setsid', ['--version']).status === 0

describe.skipIf(!possible)('the installer of the gateway (needs setsid)', () => {
  it(
    'installs, upgrades over a full outbox, goes back from a bad release, refuses one that cannot read the outbox, and removes',
    { timeout: 480_000 },
    async () => {
      const machine = await Machine.make()
      await productionModules(machine.modules)
      const [serverPort, mqttPort] = [await freePort(), await freePort()]
      const serverFolder = join(machine.root, 'server')
      const url = `http://localhost:${serverPort}`
      let server = await serverIn(serverFolder, serverPort, true)
      const access = await eventually(
        () => JSON.parse(readFileSync(join(serverFolder, 'demo-access.json'), 'utf8')) as Access,
        { within: 10_000 },
      )

      // First: nothing is started before somebody has said what to do.
      const first = await machine.source('release-1')
      const installed = await machine.install(first)
      expect(installed).toMatchObject({ code: 0, said: expect.stringContaining('enrol --server URL') })
      const release1 = machine.current
      const bill = await readFile(machine.path('opt/infusion-watch/current/sbom.cdx.json'), 'utf8')
      expect(JSON.parse(bill)).toMatchObject({ bomFormat: 'CycloneDX' })
      expect((await machine.systemctl('is-active', 'infusion-watch-gateway')).code).not.toBe(0)
      await writeFile(
        machine.path('etc/infusion-watch/gateway.yaml'),
        stringify({
          name: 'hub-1',
          server: { url },
          statusPort: machine.statusPort,
          mqtt: { port: mqttPort, pumps: [{ id: pumpId, secret: 'secret-of-the-pump' }] },
        }),
      )
      const { claim, users } = access
      expect(await machine.gateway('enrol', '--server', url, '--claim', claim.id, '--code', claim.code)).toMatchObject({
        code: 0,
      })
      await machine.systemctl('start', 'infusion-watch-gateway')
      await eventually(async () => (await machine.status()).uplink.state === 'connected', {
        within: 30_000,
        every: 200,
      })
      const pid = machine.pid
      const again = await machine.install(first)
      expect(again).toMatchObject({ code: 0, said: expect.stringContaining(`${release1} is installed already`) })
      expect(machine.pid).toBe(pid)
      expect((await machine.gateway('doctor', '--only', 'pairing')).said).toContain('paired as')

      // The line is down; the outbox fills.
      await server.kill('SIGKILL')
      const from = Date.now() - 60_000
      await publishAll(mqttPort)
      const rows = async (): Promise<number> => {
        const { outbox } = await machine.status()
        return outbox.alarm.rows + outbox.telemetry.rows
      }
      const waiting = await rows()
      expect(waiting).toBeGreaterThanOrEqual(samples + codes.length)

      const second = await machine.source('release-2', (folder) =>
        editFile(join(folder, 'package.json'), (text) => text.replace(/"version": ".*"/, '"version": "7.0.0"')),
      )
      const upgraded = await machine.install(second)
      expect(upgraded).toMatchObject({ code: 0, said: expect.stringContaining('healthy') })
      const release2 = machine.current
      expect(release2).toMatch(/^7\.0\.0-/)
      expect(machine.pid).not.toBe(pid)
      expect(await rows()).toBeGreaterThanOrEqual(waiting)
      expect((await machine.status()).versions.gateway).toBe('7.0.0')
      expect(existsSync(machine.path('var/lib/infusion-watch-gateway/identity.backup/hub-key.pem'))).toBe(true)

      const bad = await machine.source('release-3', (folder) =>
        editFile(join(folder, 'gateway/commands/run.ts'), (text) =>
          text.replace(
            'const config = await readConfig(values.config)',
            'const config = await readConfig(values.config)\n  if (config) process.exit(3)',
          ),
        ),
      )
      const failed = await machine.install(bad, '--health-seconds', '20')
      expect(failed).toMatchObject({ code: 1, said: expect.stringContaining(`going back to ${release2}`) })
      expect(failed.said).toContain(`${release2} runs again, nothing is lost`)
      expect(machine.current).toBe(release2)
      expect(await rows()).toBeGreaterThanOrEqual(waiting)

      // Its files have a format of the future now: the older release must not touch them.
      const file = machine.path('var/lib/infusion-watch-gateway/outbox/telemetry.db')
      const pragma = (statement: string): unknown => {
        using database = new DatabaseSync(file, { timeout: 5_000 })
        return database.prepare(`PRAGMA ${statement}`).get()?.['user_version']
      }
      const format = pragma('user_version')
      pragma('user_version = 999')
      const pidBefore = machine.pid
      const refused = await machine.install(first)
      expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('has format 999') })
      expect(refused.said).toContain('nothing was changed')
      expect([machine.current, machine.pid]).toEqual([release2, pidBefore])
      pragma(`user_version = ${String(format)}`)

      // The line is back: everything arrives, once.
      server = await serverIn(serverFolder, serverPort, false)
      const who = users.find(({ role }) => role === 'nurse')!
      const nurse = await Nurse.signIn(url, who.name, who.password)
      await eventually(async () => (await rows()) === 0, {
        within: 60_000,
        every: 250,
        what: 'the outbox to be delivered',
      })
      const { buckets } = await nurse.history(pumpId, from, Date.now() + 60_000)
      expect(buckets.reduce((sum, bucket) => sum + bucket.samples, 0)).toBe(samples)
      const alarms = [...(await nurse.openAlarms()), ...(await nurse.closedAlarms())].filter(
        (alarm) => alarm.pumpId === pumpId,
      )
      for (const code of codes)
        expect(
          alarms.filter((alarm) => alarm.code === code),
          code,
        ).toHaveLength(1)
      console.log(
        `${waiting} records waited; an upgrade, a failed upgrade and a refused one later each had arrived once`,
      )

      const removed = await machine.install(second, '--uninstall')
      expect(removed).toMatchObject({ code: 0, said: expect.stringContaining('Kept: settings in') })
      expect((await machine.systemctl('is-active', 'infusion-watch-gateway')).code).not.toBe(0)
      expect(existsSync(machine.path('opt/infusion-watch'))).toBe(false)
      expect(existsSync(machine.path('var/lib/infusion-watch-gateway/identity/hub-key.pem'))).toBe(true)
      expect(existsSync(file)).toBe(true)
      expect(await machine.install(second, '--uninstall', '--purge')).toMatchObject({
        code: 1,
        said: expect.stringContaining('nothing was removed'),
      })
      expect(existsSync(file)).toBe(true)
      expect((await machine.install(second, '--uninstall', '--purge', '--yes')).code).toBe(0)
      expect(existsSync(machine.path('var/lib/infusion-watch-gateway'))).toBe(false)
      expect(existsSync(machine.path('etc/infusion-watch'))).toBe(false)
    },
  )

  it('changes nothing in a dry run, and refuses what it does not know', async () => {
    const machine = await Machine.make()
    const dry = await machine.install(repository, '--dry-run')
    expect(dry).toMatchObject({ code: 0, said: expect.stringContaining('would run: cp -R') })
    expect(existsSync(machine.prefix)).toBe(false)
    expect((await machine.install(repository, '--downgrade')).code).toBe(2)
    expect((await machine.install(repository, '--purge')).code).toBe(2)
    expect((await machine.install(repository, '--health-seconds', 'soon')).code).toBe(2)
  })

  it.skipIf(spawnSync('shellcheck', ['--version']).status !== 0)('passes shellcheck (needs shellcheck)', () => {
    for (const script of ['deploy/install-gateway.sh', 'test/support/systemctl-stub.sh']) {
      const { status, stdout } = spawnSync('shellcheck', [join(repository, script)], { encoding: 'utf8' })
      expect(stdout).toBe('')
      expect(status).toBe(0)
    }
  })
})
