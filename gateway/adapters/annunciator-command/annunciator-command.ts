import { spawn } from 'node:child_process'
import { messageOf } from '../../core/errors.ts'
import { endLeftOverNoise, noteNoise } from './left-over.ts'
import type { ChildProcess } from 'node:child_process'
import type { Scheduler } from '#domain/time.ts'
import type { Annunciator } from '../../core/local-alarm-watch.ts'

export interface AnnunciatorCommandOptions {
  /** Program and its arguments; no shell reads them. */
  readonly command: readonly string[]
  /** One burst as a WAV file: given to the command's standard input, for players that read it. */
  readonly sound: Uint8Array
  /** Where the running process is noted, for the case that this one is killed. */
  readonly note: string
  readonly scheduler: Scheduler
  /** Told once per change: null = it runs again. */
  readonly troubleChanged: (trouble: string | null) => void
}

export interface AnnunciatorCommandReport {
  /** Starts since the gateway runs. */
  readonly starts: number
  readonly failures: number
  readonly trouble: string | null
}

/** From one end to the next start, ms; doubled for each failure in a row, so that a broken command does not eat the processor. */
const againMs = 1_000
const againAtMostMs = 10_000
/** Asked to end, and then made to, ms. */
const killAfterMs = 2_000

/** What a sound program needs to find the sound card and its session; nothing of the gateway's own secrets. */
const passedOn = [
  'PATH',
  'HOME',
  'LANG',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'PULSE_SERVER',
  'PIPEWIRE_REMOTE',
  'ALSA_CARD',
  'AUDIODEV',
]

/** Runs the configured command for as long as the alarm sounds: started, started again when it ends, ended when the alarm ends. */
export class AnnunciatorCommand implements Annunciator, AsyncDisposable {
  readonly #options: AnnunciatorCommandOptions
  #on = false
  #child: ChildProcess | null = null
  #cancelNext: (() => void) | null = null
  #starts = 0
  #failures = 0
  #failedInRow = 0
  #trouble: string | null = null
  readonly #ending = new Set<Promise<void>>()

  private constructor(options: AnnunciatorCommandOptions) {
    this.#options = options
  }

  /** Ends first what a killed hub may have left sounding. */
  static async open(options: AnnunciatorCommandOptions): Promise<AnnunciatorCommand> {
    await endLeftOverNoise(options.note)
    return new AnnunciatorCommand(options)
  }

  report(): AnnunciatorCommandReport {
    return { starts: this.#starts, failures: this.#failures, trouble: this.#trouble }
  }

  sound(on: boolean): void {
    if (on === this.#on) return
    this.#on = on
    this.#cancelNext?.()
    this.#cancelNext = null
    if (on) this.#start()
    else this.#end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.sound(false)
    await Promise.all(this.#ending)
  }

  #start(): void {
    const [program = '', ...args] = this.#options.command
    const env = Object.fromEntries(passedOn.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])))
    this.#starts += 1
    // A group of its own: ending the command ends what it started, too.
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env })
    this.#child = child
    if (child.pid !== undefined)
      noteNoise(this.#options.note, child.pid).catch(() => {
        // Only the next start after a kill would have wanted to know.
      })
    child.stdin?.on('error', () => {
      // It does not read its input, or has ended: its exit code tells.
    })
    child.stdin?.end(this.#options.sound)
    let over = false
    const ended = (trouble: string | null): void => {
      if (over) return
      over = true
      if (this.#child !== child) return
      this.#child = null
      this.#judge(trouble)
      const delay = Math.min(againAtMostMs, againMs * 2 ** Math.max(0, this.#failedInRow - 1))
      if (this.#on) this.#cancelNext = this.#options.scheduler.after(delay, () => this.#start())
    }
    child.once('error', (error) => ended(`cannot be started: ${messageOf(error)}`))
    child.once('exit', (code, signal) => ended(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`))
  }

  #judge(trouble: string | null): void {
    this.#failedInRow = trouble === null ? 0 : this.#failedInRow + 1
    if (trouble !== null) this.#failures += 1
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    this.#options.troubleChanged(trouble)
  }

  #end(): void {
    const child = this.#child
    this.#child = null
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const { pid } = child
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#options.scheduler.after(killAfterMs, () => {
      killGroup(pid, 'SIGKILL')
      resolve()
    })
    child.once('exit', () => {
      cancel()
      // Whatever it left behind in its group.
      killGroup(pid, 'SIGKILL')
      resolve()
    })
    killGroup(pid, 'SIGTERM')
    this.#ending.add(promise)
    void promise.then(() => this.#ending.delete(promise))
  }
}

const killGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended by itself.
  }
}
