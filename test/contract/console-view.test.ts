import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { startSimulators, type Simulators } from '#simulators/compose.ts'
import { readConfig } from '#simulators/config.ts'
import { parseScenario } from '#simulators/scenario-file.ts'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { Program } from '#test/support/program.ts'
import { TerminalProgram } from '#test/support/terminal.ts'

// `simulators console` in a real pseudo-terminal, at real simulated pumps.

const available = process.platform === 'linux' && existsSync('/dev/ptmx')
const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task()
})

const pumps = async (): Promise<Simulators> => {
  const simulators = await startSimulators(
    readConfig({
      file: null,
      pumps: ['id=P-1,protocol=ip1,tcp=127.0.0.1:0,rateMlPerHour=125', 'id=P-2,protocol=ip1,tcp=127.0.0.1:0'],
      truth: null,
      control: '0',
      speed: null,
    }),
    pino({ level: 'silent' }),
  )
  cleanUp.push(() => simulators[Symbol.asyncDispose]())
  return simulators
}

const view = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<TerminalProgram> => {
  const program = await TerminalProgram.start(args, env)
  cleanUp.push(() => program[Symbol.asyncDispose]())
  return program
}

const openView = async ({ controlUrl }: Simulators, env: Readonly<Record<string, string>> = {}) =>
  await view(['simulators/main.ts', 'console', '--control', new URL(controlUrl ?? '').host], env)

const pumpOf = (simulators: Simulators, id: string) => simulators.pumps().find((pump) => pump.id === id)

/** The other screen is left, the cursor is back. */
const isGivenBack = ({ screen }: TerminalProgram): boolean =>
  screen.modes.get('1049') === false && screen.modes.get('25') === true

describe.skipIf(!available)('the view in a terminal', () => {
  it('shows pumps and the decoded wire of the chosen one, drives it, and gives the terminal back', async () => {
    const simulators = await pumps()
    const folder = mkdtempSync(join(tmpdir(), 'view-'))
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }))
    const program = await openView(simulators)
    const before = program.settings()
    const screen = await program.shows(/ST seq=/)
    expect(screen).toMatch(/▸P-1 +infusing +125\.0/)
    expect(screen).toMatch(/24 49 50 31/)
    expect(screen.split('\n').length).toBe(24)
    expect(Math.max(...screen.split('\n').map((row) => row.length))).toBeLessThanOrEqual(80)

    program.type('\u001B[B')
    await program.shows(/▸P-2/)
    program.type(' ')
    await program.shows(/‖ infusing/)
    expect(pumpOf(simulators, 'P-2')?.paused).toBe(true)
    program.type('k')
    await program.shows(/▸P-1/)
    program.type('p')
    await program.shows(/Press a key of the pump/)
    program.type('j\r')
    await program.shows(/P-1: key stop/)
    expect(pumpOf(simulators, 'P-1')?.operatingState).toBe('paused')

    program.type('f')
    await program.shows(/Begin or end a fault/)
    program.type('0.5\r')
    await program.shows(/faults: flip/)
    program.type('f')
    await program.shows(/● flip/)
    program.type('\r')
    await program.shows(/flip is over/)
    expect(pumpOf(simulators, 'P-1')?.faults).toEqual([])

    program.type('+')
    await program.shows(/2 pumps {2}×2/)
    const file = join(folder, 'lived.yaml')
    program.type('e')
    await program.shows(/Write the scenario to: P-1\.yaml_/)
    program.type('\u007F'.repeat('P-1.yaml'.length))
    program.type(`${file}\r`)
    await program.shows(/Written: /)
    const lived = parseScenario(readFileSync(file, 'utf8'), file)
    expect(lived.timeline.map(({ acts }) => acts[0]?.act)).toEqual(['pause'])
    expect(lived.faults).toMatchObject([{ change: { fault: 'flip', amount: 0.5 } }])
    program.type('?')
    await program.shows(/quit; the pumps live on/)
    program.type('?')
    await program.shows(/▸P-1/)
    program.type('q')
    expect(await program.ended()).toBe(0)
    await eventually(() => isGivenBack(program))
    expect(program.settings()).toBe(before)
  })

  it('fits itself to a window of another size, and says when it is too small', async () => {
    const program = await openView(await pumps())
    await program.shows(/▸P-1/)
    program.resize(120, 40)
    await eventually(() => program.screen.text().split('\n').length === 40)
    expect(program.screen.text().split('\n')[0]).toMatch(/q quit$/)
    program.resize(40, 10)
    await program.shows(/^Make this window larger/)
    program.resize(80, 24)
    await program.shows(/▸P-1/)
  })

  it('leaves colours out for NO_COLOR', async () => {
    const simulators = await pumps()
    const plain = await openView(simulators, { NO_COLOR: '1' })
    const coloured = await openView(simulators, { NO_COLOR: '' })
    for (const program of [plain, coloured]) await program.shows(/ST seq=/)
    expect(coloured.screen.heard).toContain('\u001B[32m')
    for (const colour of [31, 32, 33, 36]) expect(plain.screen.heard).not.toContain(`\u001B[${colour}m`)
  })

  it('says when the control port is gone, and goes on when it is back', async () => {
    const port = await freePort()
    const start = (): Program => {
      const args = ['run', '--pump', 'id=P-1,protocol=ip1,tcp=127.0.0.1:0', '--control', String(port)]
      const program = new Program({ name: 'simulators', args: ['simulators/main.ts', ...args] })
      cleanUp.push(() => program[Symbol.asyncDispose]())
      return program
    }
    const first = start()
    await first.says(/"ready":true/)
    const program = await view(['simulators/main.ts', 'console', '--control', String(port)])
    await program.shows(/ST seq=/)
    await first.kill('SIGKILL')
    await program.shows(/NO ANSWER/)
    const second = start()
    await second.says(/"ready":true/)
    await program.shows(/q quit/)
    program.child.kill('SIGTERM')
    expect(await program.ended()).toBe(0)
    await eventually(() => isGivenBack(program))
  })

  it('gives the terminal back before the words of a crash', async () => {
    const program = await view(['test/support/crashing-view.ts'])
    const before = program.settings()
    await program.shows(/ready/)
    expect(program.settings()).not.toBe(before)
    program.type('x')
    expect(await program.ended()).toBe(1)
    await eventually(() => program.screen.heard.includes('the view has crashed'))
    const { heard } = program.screen
    expect(heard.indexOf('\u001B[?1049l')).toBeGreaterThan(0)
    expect(heard.indexOf('\u001B[?1049l')).toBeLessThan(heard.indexOf('the view has crashed'))
    expect(isGivenBack(program)).toBe(true)
    expect(program.settings()).toBe(before)
  })
})

const viewProgram = (...args: readonly string[]): Program => {
  const program = new Program({ name: 'console', args: ['simulators/main.ts', 'console', ...args] })
  cleanUp.push(() => program[Symbol.asyncDispose]())
  return program
}

describe('the view as a program', () => {
  it('has a help, and wants a terminal and a control port on this machine', async () => {
    const help = viewProgram('--help')
    expect(await help.ended()).toBe(0)
    expect(help.output).toMatch(/--control +the control port/)
    const piped = viewProgram('--control', '9090')
    expect(await piped.ended()).toBe(2)
    expect(piped.output).toContain('A console needs a terminal')
    const far = viewProgram('--control', 'pumps.example.org:9090')
    expect(await far.ended()).toBe(2)
    expect(far.output).toContain('always on this machine')
  })

  it.skipIf(!available)('says in one line that nobody answers, on the screen that was there', async () => {
    const port = await freePort()
    const program = await view(['simulators/main.ts', 'console', '--control', `127.0.0.1:${port}`])
    await program.shows(new RegExp(`No control port answers at 127\\.0\\.0\\.1:${port}\\. Start pumps with`))
    expect(await program.ended()).toBe(1)
    expect(program.screen.heard).not.toContain('\u001B[?1049h')
    expect(program.screen.heard).not.toContain('    at ')
  })
})
