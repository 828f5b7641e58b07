import { writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ControlClient } from './adapters/control-client.ts'
import { Terminal } from './adapters/terminal.ts'
import { keysPressed } from './core/console/keyboard.ts'
import { paintLine, repaint } from './core/console/paint.ts'
import { press, type Effect } from './core/console/press.ts'
import { screenOf } from './core/console/screen.ts'
import { firstState, listed, menuOpened, said, wired, type ConsoleState } from './core/console/state.ts'
import { SimulatorError } from './core/errors.ts'

export const consoleHelp = `simulators console --control 127.0.0.1:9090

A view of running simulated pumps in this terminal: how they are, what passes on their wires, decoded, and keys to press
the pumps' own keys, to do things to them, to begin and end faults, to stop, step and speed up their time, and to write what
was done as a scenario file. "?" there tells the keys; "q" leaves, and the pumps live on.

  --control  the control port of "simulators run --control": 127.0.0.1:9090, its URL, or 9090 alone. "npm start" prints it

Colours are left out when NO_COLOR is set.
Exit codes: 0 it was left, 1 no control port answers, 2 wrong use.
`

const lookEveryMs = 500
const paintEveryMs = 50

/** Null: it is not on this machine, where a control port always is. */
export const readPlace = (text: string): string | null => {
  const [, host = '127.0.0.1', port = ''] =
    /^(?:http:\/\/)?(?:(127\.0\.0\.1|localhost|\[::1\]):)?(\d{1,5})\/?$/.exec(text) ?? []
  return port === '' || Number(port) < 1 || Number(port) > 65_535 ? null : `${host}:${port}`
}

const wrong = (text: string): number => {
  process.stderr.write(`${text}\nSee simulators console --help.\n`)
  return 2
}

export const runConsole = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: { control: { type: 'string', default: '9090' }, help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) {
    process.stdout.write(consoleHelp)
    return 0
  }
  const place = readPlace(values.control)
  if (place === null)
    return wrong(`--control ${values.control}: give 127.0.0.1:PORT; a control port is always on this machine.`)
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    return wrong('A console needs a terminal to read from and to write to.')
  const client = new ControlClient(place)
  // Before the screen is ours, so that a refusal is a line like any other.
  const list = await client.list().catch((error: unknown) => {
    if (!(error instanceof SimulatorError)) throw error
    throw new SimulatorError(
      error.code,
      `${error.message} Start pumps with: simulators run … --control PORT, or npm start.`,
    )
  })
  using terminal = new Terminal(process.stdin, process.stdout)
  await new Console(client, terminal, firstState(place, list)).run()
  return 0
}

/** Runs the view: keys in, screens out, and the control port in between. */
class Console {
  readonly #client: ControlClient
  readonly #terminal: Terminal
  readonly #hasColour = (process.env['NO_COLOR'] ?? '') === ''
  readonly #ended = Promise.withResolvers<void>()
  #state: ConsoleState
  #shown: readonly string[] = []
  #watched = ''
  #watching = new AbortController()

  constructor(client: ControlClient, terminal: Terminal, state: ConsoleState) {
    this.#client = client
    this.#terminal = terminal
    this.#state = state
  }

  async run(): Promise<void> {
    const { promise, resolve } = this.#ended
    const end = (): void => resolve()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
    process.on('SIGCONT', () => {
      this.#terminal.take()
      this.#paintAnew()
    })
    this.#terminal.onHangUp(end)
    this.#terminal.onResize(() => this.#paintAnew())
    this.#terminal.onKeys((text) => {
      for (const key of keysPressed(text)) this.#press(key)
    })
    const painting = setInterval(() => this.#paint(), paintEveryMs)
    const looking = setInterval(() => void this.#look(), lookEveryMs)
    this.#follow()
    this.#paint()
    await promise
    clearInterval(painting)
    clearInterval(looking)
    this.#watching.abort()
  }

  #press(key: string): void {
    const { state, effect } = press(said(this.#state, ''), key)
    this.#state = state
    this.#follow()
    if (effect !== null) void this.#carryOut(effect)
    this.#paint()
  }

  async #carryOut(effect: Effect): Promise<void> {
    try {
      switch (effect.kind) {
        case 'quit':
          return this.#ended.resolve()
        case 'repaint':
          return this.#paintAnew()
        case 'menu': {
          const detail = await this.#client.detail(this.#state.selected)
          if (detail.id === this.#state.selected) this.#state = menuOpened(this.#state, detail, effect.menu)
          break
        }
        case 'post':
          await this.#client.post(effect.path, effect.body)
          this.#state = said(this.#state, effect.done)
          await this.#look()
          break
        case 'export':
          await this.#export(effect.pumpId, effect.file)
      }
    } catch (error) {
      if (!(error instanceof SimulatorError)) throw error
      this.#state = said(this.#state, error.message, true)
    }
    this.#paint()
  }

  async #export(pumpId: string, file: string): Promise<void> {
    const text = await this.#client.scenario(pumpId)
    try {
      await writeFile(file, text, { flag: 'wx' })
      this.#state = said(this.#state, `Written: ${file}. Told again with: --pump id=${pumpId},…,scenario=${file}`)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      const why = code === 'EEXIST' ? 'it is there already' : code
      this.#state = said(this.#state, `${file} is not written: ${why}`, true)
    }
  }

  async #look(): Promise<void> {
    try {
      const list = await this.#client.list()
      // The state of now: keys were pressed meanwhile.
      this.#state = listed(this.#state, list)
    } catch (error) {
      if (!(error instanceof SimulatorError)) throw error
      this.#state = { ...this.#state, isAway: true }
    }
    this.#follow()
  }

  /** Watches the wire of the selected pump, again and again as long as it is. */
  #follow(): void {
    const { selected } = this.#state
    if (selected === this.#watched) return
    this.#watching.abort()
    this.#watched = selected
    this.#watching = new AbortController()
    if (selected !== '') void this.#watch(selected, this.#watching.signal)
  }

  async #watch(pumpId: string, ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      await this.#client
        .watch(pumpId, ended, (line) => {
          if (!ended.aborted) this.#state = wired(this.#state, line)
        })
        // The list tells when nobody answers; a wire that ended is asked for again.
        .catch(() => {})
      await pause(lookEveryMs, undefined, { signal: ended }).catch(() => {})
    }
  }

  #paintAnew(): void {
    this.#shown = []
    this.#terminal.clear()
    this.#paint()
  }

  #paint(): void {
    const { size } = this.#terminal
    const painted = screenOf(this.#state, size).map((line) => paintLine(line, size.columns, this.#hasColour))
    this.#terminal.write(repaint(this.#shown, painted))
    this.#shown = painted
  }
}
