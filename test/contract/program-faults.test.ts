import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { FaketimeClock, faketimeEnvironment } from '#simulators/adapters/faketime-clock.ts'
import { ProgramProcesses } from '#simulators/adapters/program-processes.ts'
import { systemClock, systemScheduler } from '#simulators/adapters/system-time.ts'
import { eventually } from '#test/support/eventually.ts'
import { missingService, servicesRequired } from '#test/support/services.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task()
})

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'program-faults-'))
  cleanUp.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}

const child = async (environment: Readonly<Record<string, string>> = {}) => {
  const script = 'setInterval(() => console.log(Date.now() / 1000, performance.now()), 20)'
  const started: ChildProcess = spawn(process.execPath, ['-e', script], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanUp.push(() => started.kill('SIGKILL'))
  let text = ''
  started.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await eventually(() => text.includes('\n'), { within: 20_000, what: 'the program to speak' })
  const pid = started.pid ?? 0
  return {
    pid,
    signal: () => started.signalCode,
    state: () => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1],
    /** Seconds since 1970 by its own clock, now. */
    now: async (): Promise<number> => {
      const from = text.length
      const told = await eventually(() => /\n(\S+) \S+\n/.exec(text.slice(from))?.[1] ?? null, { within: 20_000 })
      return Number(told)
    },
  }
}

describe.skipIf(!existsSync('/proc/self/stat'))('programs in hand (needs /proc)', () => {
  it('are stopped, go on and are killed', async () => {
    const hub = await child()
    using programs = new ProgramProcesses({ hub: hub.pid })
    expect(programs.stop('hub')).toBeNull()
    await eventually(() => hub.state() === 'T')
    expect(programs.goOn('hub')).toBeNull()
    await eventually(() => hub.state() !== 'T')
    expect(programs.kill('hub')).toBeNull()
    await eventually(() => hub.signal() === 'SIGKILL')
    expect(programs.stop('hub')).toBe(`the hub that was given as process ${hub.pid} is gone`)
    expect(programs.stop('server')).toBe('no process of the server was given')
  })

  it('go on when whoever stopped them leaves', async () => {
    const hub = await child()
    {
      using programs = new ProgramProcesses({ hub: hub.pid })
      programs.stop('hub')
      await eventually(() => hub.state() === 'T')
    }
    await eventually(() => hub.state() !== 'T')
  })

  it('are found anew through a file, whose absence tells that the kill was meant', async () => {
    const file = join(folder(), 'pid')
    using programs = new ProgramProcesses({ hub: file })
    expect(programs.stop('hub')).toContain('the hub does not run')
    for (const hub of [await child(), await child()]) {
      writeFileSync(file, `${hub.pid}\n`)
      expect(programs.kill('hub')).toBeNull()
      await eventually(() => hub.signal() === 'SIGKILL')
      expect(existsSync(file)).toBe(false)
    }
  })

  it('are nobody else: a process that is younger than the file that names it is left alone', async () => {
    const stranger = await child()
    const file = join(folder(), 'pid')
    writeFileSync(file, String(stranger.pid))
    utimesSync(file, 1, Date.now() / 1000 - 3_600)
    using programs = new ProgramProcesses({ hub: file })
    expect(programs.kill('hub')).toContain('is gone')
    writeFileSync(file, String(process.pid))
    expect(programs.kill('hub')).toContain('is gone')
    expect(stranger.signal()).toBeNull()
    expect(() => new ProgramProcesses({ hub: process.pid })).toThrow('there is no process')
  })
})

const probe = faketimeEnvironment('/nowhere')
if (probe === null && servicesRequired()) throw new Error(missingService('faketime'))

describe.skipIf(probe === null)('the clock of a program (needs libfaketime)', () => {
  it('shows 1970, goes a day ahead, drifts, and is right again', async () => {
    const file = join(folder(), 'clock')
    const clock = new FaketimeClock({ file, clock: systemClock, scheduler: systemScheduler })
    const hub = await child(faketimeEnvironment(file) ?? {})
    const ahead = async (): Promise<number> => (await hub.now()) - Date.now() / 1000
    expect(Math.abs(await ahead())).toBeLessThan(60)
    clock.set('clock-1970', 0)
    expect(await hub.now()).toBeLessThan(3_600)
    clock.set('clock-1970', null)
    clock.set('clock-step', 86_400)
    expect(await ahead()).toBeGreaterThan(86_300)
    clock.set('clock-step', null)
    clock.set('clock-drift', 100_000)
    await eventually(() => Number(readFileSync(file, 'utf8')) > 0.1, { within: 20_000, what: 'a drift of 0.1 s' })
    clock[Symbol.dispose]()
    expect(readFileSync(file, 'utf8')).toBe('+0\n')
    expect(Math.abs(await ahead())).toBeLessThan(60)
  })
})
