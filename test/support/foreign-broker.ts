import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'
import { Program } from './program.ts'
import { findService } from './services.ts'

/** Somebody else's broker as a process of its own. */
export interface ForeignBroker extends AsyncDisposable {
  readonly port: number
  readonly pid: number
}

const bareBroker = join(import.meta.dirname, 'bare-broker.ts')

/** aedes as its makers deliver it. */
export const startBareBroker = async (port = 0): Promise<ForeignBroker> => {
  const program = new Program({ name: 'bare aedes', args: [bareBroker, String(port)] })
  const [, said] = await program.says(/port (\d+)/)
  return {
    port: Number(said),
    pid: program.child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await program.kill('SIGKILL')
    },
  }
}

export interface MosquittoOptions {
  readonly port?: number
  /** Further lines of its configuration, given its folder. */
  readonly lines?: readonly string[]
}

/** Debian's broker, or null when it is not installed. */
export const startMosquitto = async ({
  port: wanted,
  lines = [],
}: MosquittoOptions = {}): Promise<ForeignBroker | null> => {
  const program = findService('mosquitto')
  if (program === null) return null
  const folder = await mkdtemp(join(tmpdir(), 'mosquitto-'))
  const port = wanted ?? (await freePort())
  const file = join(folder, 'mosquitto.conf')
  const settings = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    'max_queued_messages 10000',
  ]
  // It changes its user when it is started as root, and must read its folder all the same.
  await writeFile(file, [...settings, 'user root', ...lines, ''].join('\n'))
  const child = spawn(program, ['-c', file], { stdio: 'ignore' })
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
  await eventually(answers, { within: 10_000, what: 'mosquitto to listen' })
  return {
    port,
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true })
    },
  }
}
