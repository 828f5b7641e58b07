import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { findService } from './services.ts'

const startWithinMs = 20_000

export interface RunningInfluxd extends AsyncDisposable {
  readonly url: string
  /** Ends the process but keeps its data; `restart` brings it back on the same port. */
  stop(): Promise<void>
  restart(): Promise<void>
}

const configuration = (folder: string, port: number): string => `
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[logging]
  format = "json"
`

/** A real InfluxDB 1 of the distribution on a free loopback port, with its data in a temporary folder. */
export const startInfluxd = async (): Promise<RunningInfluxd> => {
  const program = findService('influxd')
  if (program === null) throw new Error('influxd is missing')
  const folder = mkdtempSync(join(tmpdir(), 'influxd-'))
  let running = await launch(program, folder, 0)
  const { port } = running
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => running.stop(),
    restart: async () => {
      running = await launch(program, folder, port)
    },
    [Symbol.asyncDispose]: async () => {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const launch = async (program: string, folder: string, port: number) => {
  const file = join(folder, 'influxdb.conf')
  writeFileSync(file, configuration(folder, port))
  const child = spawn(program, ['-config', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  const listening = Promise.withResolvers<number>()
  const deadline = setTimeout(() => listening.reject(new Error('influxd did not listen in time')), startWithinMs)
  let log = ''
  child.on('error', listening.reject)
  child.on('exit', (code) => listening.reject(new Error(`influxd ended with ${code}: ${log.slice(-2000)}`)))
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (chunk: string) => {
    log = (log + chunk).slice(-100_000)
    const found = /"msg":"Listening on HTTP"[^\n]*"addr":"127\.0\.0\.1:(\d+)"/.exec(log)
    if (found !== null) listening.resolve(Number(found[1]))
  })
  try {
    const stop = async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    }
    return { port: await listening.promise, stop }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    clearTimeout(deadline)
  }
}
