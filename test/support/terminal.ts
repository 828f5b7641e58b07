import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { eventually } from './eventually.ts'
import { repository } from './program.ts'

/** As much of a terminal as full-screen programs of ours ask of one: what stands where, and what was switched. */
export class Screen {
  #rows: string[][] = []
  #at = { row: 0, column: 0 }
  #rest = ''
  /** Everything that came, in order. */
  heard = ''
  readonly modes = new Map<string, boolean>()

  take(text: string): void {
    this.heard += text
    this.#rest += text
    // oxlint-disable-next-line no-control-regex -- the sequences of a terminal
    const piece = /^(?:\x1b\[(\??)([0-9;]*)([A-Za-z])|[^\x1b])/u
    for (let found = piece.exec(this.#rest); found !== null; found = piece.exec(this.#rest)) {
      this.#rest = this.#rest.slice(found[0].length)
      const [whole, mark, numbers = '', letter] = found
      if (letter === undefined) this.#put(whole)
      else if (mark === '?') this.modes.set(numbers, letter === 'h')
      else this.#move(letter, numbers.split(';').map(Number))
    }
  }

  text(): string {
    return this.#rows
      .map((row) =>
        Array.from(row, (cell) => cell ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
  }

  #put(character: string): void {
    if (character === '\n') this.#at.row += 1
    else if (character === '\r') this.#at.column = 0
    else {
      const row = (this.#rows[this.#at.row] ??= [])
      row[this.#at.column] = character
      this.#at.column += 1
    }
  }

  #move(letter: string, numbers: readonly number[]): void {
    if (letter === 'H') this.#at = { row: (numbers[0] || 1) - 1, column: (numbers[1] || 1) - 1 }
    else if (letter === 'J') this.#rows = []
    else if (letter !== 'm') throw new Error(`this screen does not know ESC [ ${numbers.join(';')} ${letter}`)
  }
}

/** One of our programs in a real pseudo-terminal of a size of one's own. */
export class TerminalProgram implements AsyncDisposable {
  readonly screen = new Screen()
  readonly child: ChildProcess
  readonly #pty: PtyPort
  readonly #folder: string
  readonly #device: string

  private constructor(pty: PtyPort, folder: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#pty = pty
    this.#folder = folder
    this.#device = pty.device ?? ''
    this.#stty('sane')
    this.resize(80, 24)
    const decoder = new TextDecoder()
    pty.onReceived((bytes) => this.screen.take(decoder.decode(bytes, { stream: true })))
    const slave = openSync(this.#device, constants.O_RDWR | constants.O_NOCTTY)
    this.child = spawn(process.execPath, args, {
      cwd: repository,
      env: { ...process.env, ...env },
      stdio: [slave, slave, slave],
    })
    closeSync(slave)
  }

  static async start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<TerminalProgram> {
    const folder = mkdtempSync(join(tmpdir(), 'terminal-'))
    return new TerminalProgram(await PtyPort.open(join(folder, 'tty')), folder, args, env)
  }

  type(text: string): void {
    this.#pty.write(new TextEncoder().encode(text))
  }

  resize(columns: number, rows: number): void {
    this.#stty('rows', String(rows), 'cols', String(columns))
    // The kernel tells the terminal's own session only; this program is a guest of ours.
    this.child?.kill('SIGWINCH')
  }

  /** How the line discipline is set. */
  settings(): string {
    return this.#stty('-g')
  }

  async shows(pattern: RegExp): Promise<string> {
    return await eventually(() => (pattern.test(this.screen.text()) ? this.screen.text() : null), {
      within: 15_000,
      what: `${String(pattern)} on the screen`,
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; there is:\n${this.screen.text()}`)
    })
  }

  async ended(): Promise<number | NodeJS.Signals> {
    await eventually(() => this.child.exitCode !== null || this.child.signalCode !== null, { within: 15_000 })
    return this.child.signalCode ?? this.child.exitCode ?? 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL')
    await this.#pty[Symbol.asyncDispose]()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #stty(...args: readonly string[]): string {
    const { stdout, stderr, status } = spawnSync('stty', ['-F', this.#device, ...args], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`stty: ${stderr}`)
    return stdout
  }
}
