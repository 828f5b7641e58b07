import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ChildProgram } from './adapters/child-program.ts'
import { faketimeEnvironment } from './adapters/faketime-clock.ts'
import { freePort, isFree } from './adapters/free-port.ts'
import { DemoFailure, getJson, until } from './demo-waits.ts'
import { assignments, demoPumps, gatewayConfig, simulatorConfig, type DemoPlaces } from './core/demo-home.ts'

// `npm start`: server, gateway and simulators as processes of their own, with everything under one folder.

const help = `npm start [-- --json]: Infusion Watch with six simulated pumps, on this machine.

  --json   one line of JSON on standard output when it runs: {"url", "users": [{"role", "name", "password"}], "control"}

  PORT        where the dashboard is served (8080)
  DATA_DIR    folder of everything it keeps (./data)
  SCENARIO    what the pump of Home 12 lives through: a name of the library or the path of your file
  DEMO_KEEP   1: the rest goes on when one program ends unexpectedly
  DEMO_CLOCK  1: stories may set the hub's clock (needs libfaketime: apt-get install faketime)
  INFLUX_URL  keeps telemetry in that InfluxDB; further settings of the server: docs/configuration.md

Ctrl-C ends it. Simulated data, not a medical device.
`

const root = resolve(import.meta.dirname, '..')
const startedAt = performance.now()
const stopWithinMs = 9000
const parentLookMs = 1000
/** As the systemd units have it. */
const restartMs = 2000

const Access = z.object({
  users: z.array(z.object({ role: z.string(), name: z.string(), password: z.string() })),
  claim: z.object({ id: z.string(), code: z.string() }).nullable(),
})
type Access = z.infer<typeof Access>

const Ready = z.object({ ready: z.literal(true), control: z.string() })
const Status = z.object({ paired: z.boolean(), pumps: z.array(z.object({ pumpId: z.string(), link: z.string() })) })

const progress = (text: string): void => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stderr.write(`  ${seconds.padStart(5)} s  ${text}\n`)
}

const writeJson = (path: string, content: object): void =>
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })

class Demo {
  readonly #port: number
  readonly #dir: string
  readonly #programs: ChildProgram[] = []
  readonly failed: Promise<ChildProgram>
  #fail: (program: ChildProgram) => void = () => {}
  readonly #scenario: string | null
  #stopping = false

  constructor(port: number, dir: string, scenario: string | null) {
    this.#port = port
    this.#dir = dir
    this.#scenario = scenario
    this.failed = new Promise((resolve) => (this.#fail = resolve))
  }

  async start(): Promise<{ url: string; users: Access['users']; control: string }> {
    const url = `http://localhost:${this.#port}`
    for (const host of ['127.0.0.1', '::1'])
      if (!(await isFree(this.#port, host)))
        throw new DemoFailure(`Port ${this.#port} is in use. Choose another one: PORT=8081 npm start`)
    for (const name of ['hub', 'server', 'simulators'])
      mkdirSync(join(this.#dir, name), { recursive: true, mode: 0o700 })
    const places: DemoPlaces = {
      serverUrl: `http://127.0.0.1:${this.#port}`,
      portsDir: join(this.#dir, 'simulators', 'ports'),
      hubDir: join(this.#dir, 'hub'),
      truthFile: join(this.#dir, 'simulators', 'truth.jsonl'),
      tcpPort: await freePort(),
      mqttPort: await freePort(),
      statusPort: await freePort(),
      controlPort: await freePort(),
      processes: {
        hub: this.#pidFile('hub'),
        server: this.#pidFile('server'),
        simulators: this.#pidFile('simulators'),
      },
      hubClock: this.#hubClock(),
      scenario: this.#scenario,
    }
    const server = this.#startServer(places)
    const control = await this.#startSimulators(places)
    progress(`${demoPumps.length} pumps are running, control at ${control}`)
    const access = await this.#access(server, places)
    progress(`server answers on port ${this.#port}`)
    const gateway = this.#startGateway(places, access)
    await this.#pumpsAreRead(gateway, places)
    return { url, users: access.users, control }
  }

  /** The hub first: it would take the end of the pumps for lost links. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const name of ['gateway', 'simulators', 'server'])
      await this.#programs.findLast((program) => program.name === name)?.stop(stopWithinMs)
  }

  #run(
    name: string,
    folder: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    again: () => void,
  ): ChildProgram {
    if (this.#stopping) throw new DemoFailure('Stopped while starting.')
    const program = new ChildProgram({
      name,
      args,
      cwd: root,
      env: { ...process.env, ...env },
      logFile: join(this.#dir, folder, `${name}.log`),
      pidFile: this.#pidFile(folder),
    })
    this.#programs.push(program)
    void this.#watch(program, again)
    return program
  }

  #hubClock(): string | null {
    if (process.env['DEMO_CLOCK'] !== '1') return null
    const file = join(this.#dir, 'simulators', 'hub-clock')
    if (faketimeEnvironment(file) !== null) return file
    throw new DemoFailure('DEMO_CLOCK needs libfaketime: apt-get install faketime')
  }

  #pidFile(folder: string): string {
    return join(this.#dir, folder, 'pid')
  }

  /** What a story kills starts again, as under systemd; what ends otherwise is a failure. */
  async #watch(program: ChildProgram, again: () => void): Promise<void> {
    await program.ended
    if (program.stopping || this.#stopping) return
    if (!program.wasKilledOnPurpose) return this.#fail(program)
    progress(`the ${program.name} was killed by a fault and starts again`)
    await pause(restartMs)
    if (!this.#stopping) again()
  }

  #startServer(places: DemoPlaces): ChildProgram {
    const assignmentsFile = join(this.#dir, 'server', 'assignments.yaml')
    writeJson(assignmentsFile, assignments())
    const environment = {
      PORT: String(this.#port),
      DATA_DIR: join(this.#dir, 'server'),
      DEMO: '1',
      DEMO_ACCOUNTS: '1',
      ASSIGNMENTS_FILE: assignmentsFile,
      SIMULATOR_CONTROL_URL: `http://127.0.0.1:${places.controlPort}`,
    }
    return this.#run('server', 'server', [join(root, 'server', 'main.ts')], environment, () =>
      this.#startServer(places),
    )
  }

  async #startSimulators(places: DemoPlaces): Promise<string> {
    rmSync(places.truthFile, { force: true })
    const program = this.#runSimulators(places)
    const ready = await until(program, 'the pumps', async () => {
      const line = program.log.split('\n').find((text) => text.startsWith('{"ready":'))
      return line === undefined ? null : Ready.parse(JSON.parse(line))
    })
    return ready.control
  }

  #runSimulators(places: DemoPlaces): ChildProgram {
    const configFile = join(this.#dir, 'simulators', 'simulators.yaml')
    writeJson(configFile, simulatorConfig(places))
    const args = [join(root, 'simulators', 'main.ts'), 'run', '--config', configFile]
    return this.#run('simulators', 'simulators', args, {}, () => this.#runSimulators(places))
  }

  /** Sign-ins and claim of this start; a file left by an earlier one does not count. */
  async #access(server: ChildProgram, places: DemoPlaces): Promise<Access> {
    const file = join(this.#dir, 'server', 'demo-access.json')
    const earliest = Date.now() - (performance.now() - startedAt)
    return await until(server, 'the server', async () => {
      await getJson(`${places.serverUrl}/readyz`)
      return statSync(file).mtimeMs >= earliest ? Access.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
    })
  }

  #startGateway(places: DemoPlaces, { claim }: Access): ChildProgram {
    const configFile = join(places.hubDir, 'gateway.yaml')
    writeJson(configFile, gatewayConfig(places))
    // A server with a claim to give does not know this hub: its data folder is newer than the hub's.
    const pairing = join(places.hubDir, 'identity', 'pairing.json')
    if (claim !== null) rmSync(pairing, { force: true })
    else if (!existsSync(pairing))
      throw new DemoFailure(
        `The server knows the demonstration's hub, but ${places.hubDir} has lost its identity. Remove ${this.#dir} and start again.`,
      )
    const environment = {
      // Serial reads and the outbox share libuv's pool (protocols/README.md 7).
      UV_THREADPOOL_SIZE: '16',
      ...(places.hubClock === null ? {} : faketimeEnvironment(places.hubClock)),
    }
    const run = (more: Readonly<Record<string, string>>): ChildProgram =>
      this.#run(
        'gateway',
        'hub',
        [join(root, 'gateway', 'main.ts'), 'run', '--config', configFile],
        { ...environment, ...more },
        () => run(existsSync(pairing) ? {} : more),
      )
    return run(claim === null ? {} : { GATEWAY_CLAIM: `${claim.id}:${claim.code}` })
  }

  async #pumpsAreRead(gateway: ChildProgram, places: DemoPlaces): Promise<void> {
    await until(gateway, 'the hub to read its pumps', async () => {
      const { paired, pumps } = Status.parse(await getJson(`http://127.0.0.1:${places.statusPort}/status`))
      return paired && pumps.filter(({ link }) => link === 'up').length === demoPumps.length ? true : null
    })
    progress(
      `hub is paired and reads ${demoPumps.length} pumps; its own page is http://127.0.0.1:${places.statusPort}/`,
    )
  }
}

/** Resolves at the first signal, or when whoever started us is gone. Terminals and npm send a signal several times. */
const toldToStop = (): Promise<void> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve())
    const parent = process.ppid
    setInterval(() => {
      if (process.ppid !== parent) resolve()
    }, parentLookMs).unref()
  })

const main = async (): Promise<number> => {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help === true) {
    process.stdout.write(help)
    return 0
  }
  const port = Number(process.env['PORT'] || '8080')
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new DemoFailure('PORT must be a number from 1 to 65535.')
  const stop = toldToStop()
  const demo = new Demo(port, resolve(root, process.env['DATA_DIR'] || 'data'), process.env['SCENARIO'] || null)
  try {
    const running = await Promise.race([demo.start(), stop])
    if (running === undefined) return 0
    announce(running, values.json === true)
    const ended = await Promise.race([stop, process.env['DEMO_KEEP'] === '1' ? stop : demo.failed])
    if (ended === undefined) return 0
    process.stderr.write(`The ${ended.name} ended unexpectedly (${await ended.ended}). Its last words:\n`)
    process.stderr.write(`${ended.lastLines(15)}\n`)
    return 1
  } finally {
    progress('stopping')
    await demo.stop()
    progress('stopped')
  }
}

const announce = (running: { url: string; users: Access['users']; control: string }, json: boolean): void => {
  progress('ready')
  if (json) {
    process.stdout.write(`${JSON.stringify(running)}\n`)
    return
  }
  const width = Math.max(...running.users.map(({ name }) => name.length))
  const rows = running.users.map(({ role, name, password }) => `    ${name.padEnd(width)}  ${password}   (${role})`)
  process.stdout.write(
    `\nInfusion Watch runs: ${running.url}\n\n  Sign in as\n${rows.join('\n')}\n\n` +
      'The first alarm rings within a minute, more follow from time to time. Simulated data, not a medical device.\n' +
      'Ctrl-C ends it.\n',
  )
}

process.stdout.on('error', () => {})

try {
  process.exitCode = await main()
} catch (error) {
  const wrongUse = error instanceof TypeError && 'code' in error
  if (!(error instanceof DemoFailure) && !wrongUse) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
