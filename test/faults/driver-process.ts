import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '#test/support/program.ts'
import { eventually } from '#test/support/eventually.ts'
import type { DriverTask } from '#test/support/power-cut/acknowledgements.ts'

/** Compiled code is kept from one life to the next: hundreds of them start. */
const compiled = join(tmpdir(), 'infusion-watch-compiled')

export interface DriverRun {
  readonly env?: Readonly<Record<string, string>>
  /** Modules that are loaded before the driver: planted faults. */
  readonly imports?: readonly string[]
}

/** test/faults/outbox-driver.ts as a process of its own. */
export class DriverProcess {
  readonly #task: DriverTask
  readonly #child: ReturnType<typeof spawn>
  readonly #logBefore: number
  #stderr = ''
  /** Exit code, or the name of the signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>

  constructor(task: DriverTask, { env = {}, imports = [] }: DriverRun = {}) {
    this.#task = task
    this.#logBefore = sizeOf(task.acknowledged)
    this.#child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        ...imports.flatMap((module) => ['--import', module]),
        'test/faults/outbox-driver.ts',
        JSON.stringify(task),
      ],
      {
        cwd: repository,
        env: { ...process.env, NODE_COMPILE_CACHE: compiled, ...env },
        stdio: ['ignore', 'inherit', 'pipe'],
      },
    )
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()))
    this.ended = new Promise((resolve) => this.#child.once('exit', (code, signal) => resolve(signal ?? code)))
  }

  get stderr(): string {
    return this.#stderr
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** What this process has written into its log. */
  get told(): string {
    return existsSync(this.#task.acknowledged)
      ? readFileSync(this.#task.acknowledged).subarray(this.#logBefore).toString()
      : ''
  }

  /** Resolves when it has written so many bytes into its log, or has ended. */
  async hasTold(bytes: number): Promise<void> {
    await eventually(() => sizeOf(this.#task.acknowledged) - this.#logBefore >= bytes || !this.running, {
      within: 20_000,
      every: 2,
      what: `the driver to acknowledge: ${this.#stderr}`,
    })
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0
