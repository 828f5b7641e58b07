import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { eventually } from './eventually.ts'

export const repository = join(import.meta.dirname, '../..')

export interface ProgramOptions {
  readonly name: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly logFile?: string
  readonly cwd?: string
}

/** A test that fails while it clears up leaves none of them behind. */
const alive = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** One of our programs as a real process, with everything it prints kept. */
export class Program implements AsyncDisposable {
  readonly name: string
  readonly child: ChildProcess
  #output = ''

  constructor(options: ProgramOptions) {
    this.name = options.name
    const log = options.logFile === undefined ? null : createWriteStream(options.logFile, { flags: 'a' })
    this.child = spawn(process.execPath, options.args, {
      cwd: options.cwd ?? repository,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
        log?.write(chunk)
      })
    alive.add(this.child)
    this.child.on('exit', () => {
      alive.delete(this.child)
      log?.end()
    })
  }

  get output(): string {
    return this.#output
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Exit code, or the signal's name. */
  async ended(deadlineMs = 15_000): Promise<number | NodeJS.Signals> {
    await eventually(() => !this.running, { within: deadlineMs, what: `${this.name} to end` })
    return this.child.signalCode ?? this.child.exitCode ?? 0
  }

  async says(pattern: RegExp, deadlineMs = 60_000): Promise<RegExpExecArray> {
    const match = await eventually(() => pattern.exec(this.#output) ?? (this.running ? null : 'ended'), {
      within: deadlineMs,
      what: `${this.name} to say ${String(pattern)}`,
    })
    if (match === 'ended') throw new Error(`${this.name} ended early:\n${this.#output.slice(-2000)}`)
    return match
  }

  async kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    if (this.running) this.child.kill(signal)
    return await this.ended()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.running) return
    this.child.kill('SIGTERM')
    await this.ended(5_000).catch(async () => await this.kill('SIGKILL'))
  }
}
