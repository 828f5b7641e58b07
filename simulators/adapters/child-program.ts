import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

export interface ChildProgramOptions {
  readonly name: string
  /** Arguments of Node. */
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Everything the program prints; the log of the run before is kept as `.1`. */
  readonly logFile: string
  /** Gets its process id. Whoever kills it on purpose removes the file first. */
  readonly pidFile: string
}

export type Ending = number | NodeJS.Signals

/** One of our programs as a process of its own, out of reach of the terminal's Ctrl-C: it ends when it is told to. */
export class ChildProgram {
  readonly name: string
  readonly #logFile: string
  readonly #pidFile: string
  readonly #child: ChildProcess
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<Ending>
  #stopping = false

  constructor({ name, args, cwd, env, logFile, pidFile }: ChildProgramOptions) {
    this.name = name
    this.#logFile = logFile
    this.#pidFile = pidFile
    if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`)
    const log = openSync(logFile, 'a', 0o600)
    this.#child = spawn(process.execPath, args, { cwd, env: { ...env }, detached: true, stdio: ['ignore', log, log] })
    closeSync(log)
    writeFileSync(pidFile, `${this.#child.pid ?? ''}\n`)
    this.ended = new Promise((resolve) => {
      this.#child.on('error', () => resolve(-1))
      this.#child.on('exit', (code, signal) => resolve(signal ?? code ?? 0))
    })
  }

  get running(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Whether it was told to end. */
  get stopping(): boolean {
    return this.#stopping
  }

  /** It ended because a fault of a story killed it. */
  get wasKilledOnPurpose(): boolean {
    return this.#child.signalCode === 'SIGKILL' && !existsSync(this.#pidFile)
  }

  /** The log so far. */
  get log(): string {
    return readFileSync(this.#logFile, 'utf8')
  }

  lastLines(count: number): string {
    return this.log.trimEnd().split('\n').slice(-count).join('\n')
  }

  /** Asks it to end, and makes it end after `withinMs`. */
  async stop(withinMs: number): Promise<Ending> {
    this.#stopping = true
    if (this.running) this.#child.kill('SIGTERM')
    const deadline = setTimeout(() => this.#child.kill('SIGKILL'), withinMs)
    try {
      return await this.ended
    } finally {
      clearTimeout(deadline)
    }
  }
}
