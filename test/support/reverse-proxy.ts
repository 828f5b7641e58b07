import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Made } from './certificates.ts'
import { eventually } from './eventually.ts'
import { repository } from './program.ts'
import { findService } from './services.ts'

export type ProxyName = 'nginx' | 'caddy'

export interface ProxyPlace {
  /** An empty folder of its own. */
  readonly folder: string
  readonly port: number
  /** For what it does on port 80. */
  readonly plainPort: number
  /** Of the server behind it. */
  readonly serverPort: number
  /** For `localhost`. */
  readonly certificate: Made
}

const example = (file: string): string => readFileSync(join(repository, 'deploy/proxy', file), 'utf8')

/** Every place of the example that depends on the machine; a place that is not there any more fails. */
const changed = (text: string, changes: readonly (readonly [from: string, to: string])[]): string =>
  changes.reduce((sofar, [from, to]) => {
    if (!sofar.includes(from)) throw new Error(`the example has no "${from}"`)
    return sofar.replaceAll(from, to)
  }, text)

const nginxSite = ({ folder, port, plainPort, serverPort }: ProxyPlace): string =>
  changed(example('nginx.conf'), [
    ['listen 80;', `listen 127.0.0.1:${plainPort};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['watch.example.org;', 'localhost;'],
    ['/etc/letsencrypt/live/watch.example.org/fullchain.pem', join(folder, 'fullchain.pem')],
    ['/etc/letsencrypt/live/watch.example.org/privkey.pem', join(folder, 'privkey.pem')],
    ['127.0.0.1:8080', `127.0.0.1:${serverPort}`],
  ])

/** What a distribution's nginx.conf has around a site, in a folder of the test. */
const nginxAround = (folder: string): string => `
daemon off; master_process off; pid ${folder}/pid; error_log stderr;
events { worker_connections 512; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
  include ${folder}/site.conf;
}
`

const caddyFile = ({ folder, port, plainPort, serverPort }: ProxyPlace): string =>
  changed(example('Caddyfile'), [
    ['{\n\tservers {', `{\n\tadmin off\n\tauto_https off\n\thttp_port ${plainPort}\n\tservers {`],
    [
      'watch.example.org {',
      `https://localhost:${port} {\n\tbind 127.0.0.1\n\ttls ${folder}/fullchain.pem ${folder}/privkey.pem`,
    ],
    ['127.0.0.1:8080', `127.0.0.1:${serverPort}`],
  ])

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/** The distribution's own program with the documented example, on ports of the test. */
export const startProxy = async (name: ProxyName, place: ProxyPlace): Promise<AsyncDisposable> => {
  const { folder, certificate } = place
  mkdirSync(folder)
  writeFileSync(join(folder, 'fullchain.pem'), certificate.certificate)
  writeFileSync(join(folder, 'privkey.pem'), certificate.key, { mode: 0o600 })
  const path = findService(name) ?? name
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  if (name === 'nginx') {
    writeFileSync(join(folder, 'site.conf'), nginxSite(place))
    writeFileSync(join(folder, 'nginx.conf'), nginxAround(folder))
  } else writeFileSync(join(folder, 'Caddyfile'), caddyFile(place))
  const args =
    name === 'nginx'
      ? ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')]
      : ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']
  const child = spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 3_000)
    await exited
    clearTimeout(late)
  }
  try {
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(said)
        return isListening(place.port)
      },
      { within: 30_000, every: 50, what: `${name} to listen` },
    )
  } catch (error) {
    await stop()
    throw new Error(`${name} said: ${said.slice(-2_000)}`, { cause: error })
  }
  return { [Symbol.asyncDispose]: stop }
}
