import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { protocols } from '#simulators/config.ts'
import { findNothing, secretsOf, writtenBy } from './confinement.ts'
import type { Place } from './canaries.ts'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'
import { Nurse } from './nurse.ts'
import { Program } from './program.ts'

export interface FleetMember {
  readonly id: string
  readonly protocol: (typeof protocols)[number]
  readonly wire: 'serial' | 'tcp' | 'mqtt'
  /** A name of the library or a path; `normal` when it is absent. */
  readonly scenario?: string
  /** More of the simulator's `--pump`, e.g. `rateMlPerHour=125`. */
  readonly settings?: string
  /** MQTT only: its password on the hub's broker. Without one on any, the broker asks nobody. */
  readonly secret?: string
  /** `settings` of its port in the gateway's configuration. */
  readonly port?: Readonly<Record<string, unknown>>
}

/** Pressure rises with the rate: a blocked line alarms in seconds. */
const fast = 'rateMlPerHour=120'

/** The six pumps of the main job: two serial IP1, one serial Alaris, one TCP, two MQTT. */
export const sixPumps: readonly FleetMember[] = [
  { id: 'SIM-0001', protocol: 'ip1', wire: 'serial', settings: fast },
  { id: 'SIM-0002', protocol: 'ip1', wire: 'serial', settings: fast },
  { id: '8002-00003', protocol: 'alaris-acp', wire: 'serial', settings: fast },
  { id: 'SIM-0004', protocol: 'ip1', wire: 'tcp', settings: fast },
  { id: 'SIM-0005', protocol: 'mqtt-json', wire: 'mqtt', settings: fast },
  { id: 'SIM-0006', protocol: 'mqtt-json', wire: 'mqtt', settings: fast },
]

export interface SystemOptions {
  readonly pumps?: readonly FleetMember[]
  /** More ports of the gateway, as in its configuration. */
  readonly ports?: readonly Readonly<Record<string, unknown>>[]
  /** MQTT pumps that the hub's broker knows and that no simulator plays: a test speaks for them. */
  readonly guests?: readonly Pick<FleetMember, 'id' | 'secret'>[]
  /** How often the hub sends a test alarm; absent: as configured by default. */
  readonly canarySeconds?: number
  /** Other addresses under which browsers reach the server. */
  readonly origins?: readonly string[]
  /** Engineers may drive the simulated pumps through the server. */
  readonly driven?: boolean
  /** False: it is measured, so it logs as usual, and nothing is searched at the end. */
  readonly searched?: boolean
  /** More that is searched for secrets at the end, such as a database elsewhere. */
  readonly places?: () => Promise<readonly Place[]>
  /** More settings of the server. */
  readonly env?: Readonly<Record<string, string>>
  /** How the gateway's process is started, beside its own arguments. */
  readonly gateway?: { readonly nodeFlags: readonly string[]; readonly env: Readonly<Record<string, string>> }
}

interface Ports {
  readonly server: number
  readonly metrics: number
  readonly mqtt: number
  readonly control: number
  readonly status: number
  readonly tcp: ReadonlyMap<string, number>
}

interface DemoAccess {
  readonly users: readonly { readonly role: string; readonly name: string; readonly password: string }[]
  readonly claim?: { readonly id: string; readonly code: string }
}

const pumpSecrets = (pumps: readonly Pick<FleetMember, 'id' | 'secret'>[]): readonly object[] =>
  pumps.flatMap(({ id, secret }) =>
    secret === undefined ? [] : [{ id, secretSha256: createHash('sha256').update(secret).digest('hex') }],
  )

/** What anybody may read of a program; nothing when it has gone. */
const published = async (url: string): Promise<readonly Place[]> => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null)
  return answer === null ? [] : [{ name: url, content: Buffer.from(await answer.text()) }]
}

const ready = async (url: string): Promise<boolean> => (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok

/**
 * Server, gateway and simulated pumps as three real processes on real ports, pseudo-terminals and a real broker. Disposing of it
 * rejects when a secret of theirs, or what a test has planted, stands anywhere but in its own store: in a log of all levels, a
 * metric, a database, an error or an address.
 */
export class System implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'infusion-watch-system-'))
  readonly url: string
  readonly pumps: readonly FleetMember[]
  readonly #ports: Ports
  readonly #env: Readonly<Record<string, string>>
  readonly #morePorts: readonly Readonly<Record<string, unknown>>[]
  readonly #guests: NonNullable<SystemOptions['guests']>
  readonly #canary: { readonly canarySeconds?: number }
  readonly #gatewayStart: NonNullable<SystemOptions['gateway']>
  readonly #searched: boolean
  readonly #places: NonNullable<SystemOptions['places']>
  #programs: { server: Program; gateway: Program; simulators: Program } | undefined

  private constructor(ports: Ports, options: SystemOptions) {
    this.pumps = options.pumps ?? sixPumps
    this.#ports = ports
    const control = { SIMULATOR_CONTROL_URL: `http://127.0.0.1:${ports.control}` }
    this.url = `http://localhost:${ports.server}`
    const origins = { PUBLIC_ORIGINS: [this.url, ...(options.origins ?? [])].join(',') }
    this.#env = { ...origins, ...options.env, ...(options.driven === true ? control : {}) }
    this.#morePorts = options.ports ?? []
    this.#guests = options.guests ?? []
    this.#canary = options.canarySeconds === undefined ? {} : { canarySeconds: options.canarySeconds }
    this.#searched = options.searched ?? true
    this.#places = options.places ?? (async () => [])
    this.#gatewayStart = options.gateway ?? { nodeFlags: [], env: {} }
    for (const name of ['server', 'hub', 'simulators']) mkdirSync(join(this.dir, name))
  }

  static async start(options: SystemOptions = {}): Promise<System> {
    const tcp = new Map<string, number>()
    for (const { id, wire } of options.pumps ?? sixPumps) if (wire === 'tcp') tcp.set(id, await freePort())
    const ports = {
      server: await freePort(),
      metrics: await freePort(),
      mqtt: await freePort(),
      control: await freePort(),
      status: await freePort(),
      tcp,
    }
    const system = new System(ports, options)
    try {
      await system.#startAll()
      return system
    } catch (error) {
      await system[Symbol.asyncDispose]()
      throw error
    }
  }

  get server(): Program {
    return this.#running.server
  }

  get gateway(): Program {
    return this.#running.gateway
  }

  get simulators(): Program {
    return this.#running.simulators
  }

  get #running() {
    if (this.#programs === undefined) throw new Error('the system is not running')
    return this.#programs
  }

  get truthFile(): string {
    return join(this.dir, 'simulators', 'truth.jsonl')
  }

  get gatewayStatusUrl(): string {
    return `http://127.0.0.1:${this.#ports.status}`
  }

  get serverPort(): number {
    return this.#ports.server
  }

  get journalFile(): string {
    return join(this.dir, 'server', 'journal.db')
  }

  get mqttPort(): number {
    return this.#ports.mqtt
  }

  serialPath(pumpId: string): string {
    return join(this.dir, 'simulators', `tty-${pumpId}`)
  }

  access(): DemoAccess {
    return JSON.parse(readFileSync(join(this.dir, 'server', 'demo-access.json'), 'utf8'))
  }

  password(role: string): { name: string; password: string } {
    const user = this.access().users.find((candidate) => candidate.role === role)
    if (user === undefined) throw new Error(`no ${role} among the demo's users`)
    return user
  }

  async signIn(role: string): Promise<Nurse> {
    const { name, password } = this.password(role)
    return await Nurse.signIn(this.url, name, password)
  }

  /** Does something to a simulated pump: `occlude`, `release`, `unplug`, … */
  async act(pumpId: string, act: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#control(`pumps/${pumpId}/act`, { act, ...more })
  }

  /** Switches a fault of its line or of its firmware: `flip`, `half-open`, … */
  async fault(pumpId: string, fault: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#control(`pumps/${pumpId}/fault`, { fault, ...more })
  }

  /** Starts the server again over the same files; people keep their passwords and their sessions. */
  async startServer(): Promise<void> {
    this.#running.server = this.#spawnServer({ DEMO_ACCOUNTS: '0' })
    await this.#serverReady()
  }

  /** Starts the gateway again over the same files: a new boot of the same hub. */
  startGateway(): void {
    this.#running.gateway = this.#spawnGateway()
  }

  get #logging(): Readonly<Record<string, string>> {
    return this.#searched ? { LOG_LEVEL: 'trace' } : {}
  }

  async #control(path: string, body: object): Promise<void> {
    const reply = await fetch(`http://127.0.0.1:${this.#ports.control}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!reply.ok)
      throw new Error(`${path} with ${JSON.stringify(body)} answered ${reply.status}: ${await reply.text()}`)
  }

  #spawnServer(env: Readonly<Record<string, string>> = {}): Program {
    return new Program({
      name: 'server',
      args: ['server/main.ts', 'run'],
      env: {
        PORT: String(this.#ports.server),
        METRICS_PORT: String(this.#ports.metrics),
        DATA_DIR: join(this.dir, 'server'),
        DEMO: '1',
        DEMO_ACCOUNTS: '1',
        ...this.#logging,
        ...this.#env,
        ...env,
      },
      logFile: join(this.dir, 'server', 'log'),
    })
  }

  async #serverReady(): Promise<void> {
    await eventually(() => ready(`${this.url}/readyz`), { within: 60_000, every: 50, what: 'the server to be ready' })
    await eventually(() => existsSync(join(this.dir, 'server', 'demo-access.json')), { what: 'the demo accounts' })
  }

  #spawnGateway(): Program {
    const config = join(this.dir, 'hub', 'gateway.yaml')
    writeFileSync(
      config,
      stringify({
        name: 'hub-1',
        server: { url: this.url },
        dataDir: join(this.dir, 'hub'),
        statusPort: this.#ports.status,
        ...this.#canary,
        mqtt: { host: '127.0.0.1', port: this.#ports.mqtt, pumps: pumpSecrets([...this.pumps, ...this.#guests]) },
        ports: [
          ...this.pumps
            .filter(({ wire }) => wire !== 'mqtt')
            .map(({ id, protocol, wire, port }) => ({
              name: `port-${id}`,
              protocol,
              settings: port ?? {},
              simulated: 'demo',
              url: wire === 'tcp' ? `tcp://127.0.0.1:${this.#ports.tcp.get(id)}` : `serial:${this.serialPath(id)}`,
            })),
          ...this.#morePorts,
        ],
      }),
    )
    const { claim } = this.access()
    return new Program({
      name: 'gateway',
      args: [...this.#gatewayStart.nodeFlags, 'gateway/main.ts', 'run', '--config', config],
      env: {
        ...this.#logging,
        ...this.#gatewayStart.env,
        ...(claim === undefined ? {} : { GATEWAY_CLAIM: `${claim.id}:${claim.code}` }),
      },
      logFile: join(this.dir, 'hub', 'log'),
    })
  }

  #spawnSimulators(): Program {
    const where = ({ id, wire }: FleetMember): string => {
      if (wire === 'tcp') return `tcp=127.0.0.1:${this.#ports.tcp.get(id)}`
      return wire === 'mqtt' ? `mqtt=mqtt://127.0.0.1:${this.#ports.mqtt}` : `serial=${this.serialPath(id)}`
    }
    return new Program({
      name: 'simulators',
      args: [
        'simulators/main.ts',
        'run',
        '--truth',
        this.truthFile,
        '--control',
        String(this.#ports.control),
        ...this.pumps.flatMap((pump, index) => [
          '--pump',
          `id=${pump.id},protocol=${pump.protocol},${where(pump)},scenario=${pump.scenario ?? 'normal'},seed=${index + 1}${pump.settings === undefined ? '' : `,${pump.settings}`}${pump.secret === undefined ? '' : `,password=${pump.secret}`}`,
        ]),
      ],
      env: this.#logging,
      logFile: join(this.dir, 'simulators', 'log'),
    })
  }

  async #startAll(): Promise<void> {
    const server = this.#spawnServer()
    const programs = { server } as { server: Program; gateway: Program; simulators: Program }
    this.#programs = programs
    await this.#serverReady()
    programs.gateway = this.#spawnGateway()
    programs.simulators = this.#spawnSimulators()
    const nurse = await this.signIn('nurse')
    await eventually(
      async () =>
        (await nurse.pumps()).filter(({ link, sample }) => link === 'listening' || (link === 'up' && sample !== null))
          .length === this.pumps.length,
      { within: 30_000, every: 100, what: `all ${this.pumps.length} pumps to report` },
    ).catch((error: unknown) => {
      throw new Error(
        `${String(error)}\n${programs.gateway.output.slice(-3000)}\n${programs.simulators.output.slice(-1000)}`,
      )
    })
  }

  /** What the programs tell anybody who asks, and what other places hold of theirs. */
  async told(): Promise<readonly Place[]> {
    const asked = [
      `${this.gatewayStatusUrl}/metrics`,
      `${this.gatewayStatusUrl}/status`,
      `${this.url}/readyz`,
      `http://127.0.0.1:${this.#ports.metrics}/metrics`,
    ]
    return [...(await Promise.all(asked.map(published))).flat(), ...(await this.#places())]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { server, gateway, simulators } = this.#programs ?? {}
    const told = simulators === undefined || !this.#searched ? null : await this.told()
    for (const program of [simulators, gateway, server]) await program?.[Symbol.asyncDispose]()
    try {
      if (told !== null) findNothing([...told, ...writtenBy(this.dir)], secretsOf(this.dir, this.access()))
    } finally {
      rmSync(this.dir, { recursive: true, force: true })
    }
  }
}
