import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCompose, readDeployed } from './compose-file.ts'
import type { ComposeService } from './compose-file.ts'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'
import { Program, repository } from './program.ts'

/** Whatever a container would be told differently from a process on this machine. */
type Places = readonly (readonly [RegExp, string])[]

const put = (text: string, places: Places): string =>
  places.reduce((done, [there, here]) => done.replaceAll(there, here), text)

export interface ComposeRun extends AsyncDisposable {
  readonly folder: string
  readonly ports: Readonly<Record<'server' | 'serverFigures' | 'hub' | 'mosquitto' | 'control', number>>
  readonly secrets: Readonly<Record<string, string>>
  readonly programs: Readonly<Record<'server' | 'gateway' | 'simulators', Program>>
  /** Runs the health check of the file; the exit code. */
  checkHealth(name: 'server' | 'gateway' | 'simulators'): Promise<number | NodeJS.Signals>
}

const listens = async (port: number): Promise<void> => {
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
  await eventually(answers, { within: 10_000, what: 'mosquitto to listen' })
}

/** The broker of docker-compose.yml as a process, by its own start script and configuration. */
export const startComposeMosquitto = async (
  folder: string,
  port: number,
  secrets: Readonly<Record<string, string>>,
) => {
  const conf = join(folder, 'mosquitto.conf')
  const users = join(folder, 'mosquitto-users')
  const places: Places = [
    [/^listener 1883$/gm, `listener ${port} 127.0.0.1`],
    [/\/tmp\/users/g, users],
    [/\/etc\/infusion-watch\/mosquitto/g, join(repository, 'deploy/mosquitto')],
    [/\/mosquitto\/data/g, folder],
  ]
  // It changes its user when it is started as root, and must read its folder all the same.
  const account = process.getuid?.() === 0 ? '\nuser root\n' : ''
  writeFileSync(conf, put(readDeployed('deploy/mosquitto/mosquitto.conf'), places) + account)
  const env = { PATH: `${process.env['PATH']}:/usr/sbin`, MOSQUITTO_CONF: conf, MQTT_USERS_FILE: users, ...secrets }
  const child: ChildProcess = spawn('/bin/sh', [join(repository, 'deploy/mosquitto/start.sh')], {
    env,
    stdio: 'ignore',
  })
  await listens(port)
  return {
    users,
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Secrets as deploy/make-env.sh makes them. */
export const makeEnv = async (file: string, ...options: readonly string[]) => {
  const child = spawn('/bin/sh', [join(repository, 'deploy/make-env.sh'), '--file', file, ...options])
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  const [code] = (await once(child, 'close')) as [number]
  return { code, said }
}

export const readEnv = (file: string): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(file, 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value = '']) => [name, value]),
  )

/**
 * Server, gateway, simulators and broker of docker-compose.yml as processes of this machine: their commands, variables, files and
 * secrets, with addresses and folders of this machine in place of the containers' own.
 */
export const runCompose = async (influxUrl: string): Promise<ComposeRun> => {
  await using opened = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'compose-'))
  opened.defer(() => rmSync(folder, { recursive: true, force: true }))
  await makeEnv(join(folder, '.env'))
  const secrets = readEnv(join(folder, '.env'))
  const ports = {
    server: await freePort(),
    serverFigures: await freePort(),
    hub: await freePort(),
    mosquitto: await freePort(),
    control: await freePort(),
  }
  const [first, second] = [await freePort(), await freePort()]
  const places: Places = [
    [/\$\{(\w+)[^}]*\}/g, '$$$1'],
    [/\binfluxdb:8086\b/g, new URL(influxUrl).host],
    [/\b(server|localhost|127\.0\.0\.1):8080\b/g, `127.0.0.1:${ports.server}`],
    [/\bmosquitto:1883\b/g, `127.0.0.1:${ports.mosquitto}`],
    [/\b(simulators|0\.0\.0\.0):4001\b/g, `127.0.0.1:${first}`],
    [/\b(simulators|0\.0\.0\.0):4002\b/g, `127.0.0.1:${second}`],
    [/\b9470\b/g, String(ports.hub)],
    [/\b9464\b/g, String(ports.serverFigures)],
    [/\b9090\b/g, String(ports.control)],
    [/^8080$/g, String(ports.server)],
    [/\b0\.0\.0\.0\b/g, '127.0.0.1'],
  ]
  const { services } = readCompose()
  const service = (name: string): ComposeService => {
    const found = services[name]
    if (found === undefined) throw new Error(`no service ${name}`)
    return found
  }
  const mosquitto = service('mosquitto').environment
  const value = (text: string): string =>
    put(text, places).replace(/^\$(\w+)$/, (_, name: string) => secrets[name] ?? '')
  opened.use(
    await startComposeMosquitto(
      folder,
      ports.mosquitto,
      Object.fromEntries(Object.entries(mosquitto).map(([name, text]) => [name, value(text)])),
    ),
  )
  const start = (name: 'server' | 'gateway' | 'simulators'): Program => {
    const { command = [], environment } = service(name)
    const own = join(folder, name)
    mkdirSync(own)
    const here: Places = [...places, [/\/data\b/g, own], [/\/etc\/infusion-watch\//g, `${folder}/`]]
    const env = Object.fromEntries(
      Object.entries(environment).map(([key, text]) => [
        key,
        put(text, here).replace(/^\$(\w+)$/, (_, secret: string) => secrets[secret] ?? ''),
      ]),
    )
    const mounted = `deploy/compose/${name}.yaml`
    if (command.some((word) => word.endsWith(`/${name}.yaml`)))
      writeFileSync(join(folder, `${name}.yaml`), put(readDeployed(mounted), here))
    return opened.use(new Program({ name, args: command.map((word) => put(word, here)), env }))
  }
  // In the order of the file: the gateway waits for nothing but their start.
  const server = start('server')
  const simulators = start('simulators')
  const programs = { server, simulators, gateway: start('gateway') }
  const running = opened.move()
  return {
    folder,
    ports,
    secrets,
    programs,
    checkHealth: async (name) => {
      const [, , ...args] = service(name).healthcheck?.test ?? []
      return new Program({ name: `health of ${name}`, args: args.map((word) => put(word, places)) }).ended(30_000)
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
