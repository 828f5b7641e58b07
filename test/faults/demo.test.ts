import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { faketimeEnvironment } from '#simulators/adapters/faketime-clock.ts'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { Nurse } from '#test/support/nurse.ts'
import { Program } from '#test/support/program.ts'
import { missingService, servicesRequired } from '#test/support/services.ts'

// The demonstration of `npm start`, without its bootstrap: three programs started, watched and ended by a fourth.

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task()
})

const newFolder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'infusion-watch-demo-'))
  cleanUp.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

const start = (dir: string, port: number, env: Readonly<Record<string, string>> = {}): Program => {
  const demo = new Program({
    name: 'demo',
    args: ['simulators/demo.ts', '--json'],
    env: { DATA_DIR: dir, PORT: String(port), ...env },
  })
  cleanUp.push(() => demo[Symbol.asyncDispose]())
  return demo
}

interface Announced {
  readonly url: string
  readonly users: readonly { readonly role: string; readonly name: string; readonly password: string }[]
  readonly control: string
}

const announced = async (demo: Program): Promise<Announced> =>
  JSON.parse((await demo.says(/^\{"url":.*\}$/m, 60_000))[0])

const signedIn = async ({ url, users }: Announced): Promise<Nurse> => {
  const nurse = users.find(({ role }) => role === 'nurse')
  return await Nurse.signIn(url, nurse?.name ?? '', nurse?.password ?? '')
}

/** Process ids of hub and simulators of this folder: both have it in their command line. */
const processesOf = (dir: string, program = ''): readonly number[] =>
  spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(dir) && line.includes(program))
    .map((line) => Number(line.trim().split(' ')[0]))

/** `T`: it stands still. */
const stateOf = (pid: number): string | undefined => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]

const expectNothingLeft = async (dir: string, port: number): Promise<void> => {
  expect(processesOf(dir)).toEqual([])
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
}

describe('the demonstration', () => {
  it('brings six pumps and an occlusion that ends by itself, ends cleanly on signals, and starts again on the same folder', async () => {
    const dir = newFolder()
    const port = await freePort()
    const demo = start(dir, port)
    const access = await announced(demo)
    const startedAt = performance.now()
    expect(access.url).toBe(`http://localhost:${port}`)
    expect(access.users.map(({ role }) => role)).toEqual(['nurse', 'lead', 'engineer', 'admin'])
    const nurse = await signedIn(access)
    await eventually(async () => (await nurse.pumps()).filter(({ link }) => link === 'up').length === 6, {
      within: 10_000,
    })
    const found = await eventually(
      async () => (await nurse.openAlarms()).find(({ code }) => code === 'occlusion-downstream'),
      { within: 60_000, every: 100, what: 'the first occlusion' },
    )
    expect(performance.now() - startedAt).toBeLessThan(60_000)
    expect(found).toMatchObject({ pumpId: 'P-0001', priority: 'high' })

    demo.child.kill('SIGINT')
    demo.child.kill('SIGTERM')
    expect(await demo.ended(20_000)).toBe(0)
    await expectNothingLeft(dir, port)

    const again = start(dir, port)
    const secondAccess = await announced(again)
    const secondNurse = await signedIn(secondAccess)
    await eventually(async () => (await secondNurse.pumps()).filter(({ link }) => link === 'up').length === 6, {
      within: 20_000,
    })
    expect((await secondNurse.hubs()).length).toBe(1)
    expect(await again.kill('SIGTERM')).toBe(0)
    await expectNothingLeft(dir, port)
  })

  it('says that its port is taken', async () => {
    const port = await freePort()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    cleanUp.push(() => new Promise((resolve) => other.close(resolve)))
    const demo = start(newFolder(), port)
    expect(await demo.ended()).toBe(1)
    expect(demo.output).toContain(`Port ${port} is in use.`)
  })

  it('lives through a story that stops and kills its programs and sets the clock of its hub', async () => {
    const clock = faketimeEnvironment('/nowhere')
    if (clock === null && servicesRequired()) throw new Error(missingService('faketime'))
    const dir = newFolder()
    const demo = start(dir, await freePort(), clock === null ? {} : { DEMO_CLOCK: '1' })
    const { control, ...access } = await announced(demo)
    const done = async (fault: string, more: object = {}): Promise<void> => {
      const reply = await fetch(`${control}/pumps/P-0001/fault`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ fault, ...more }),
      })
      expect([fault, reply.status, await reply.text()]).toEqual([fault, 200, expect.anything()])
    }
    const heard = async (what: string): Promise<void> => {
      await eventually(
        async () => {
          const nurse = await signedIn({ control, ...access }).catch(() => null)
          const pumps = (await nurse?.pumps().catch(() => [])) ?? []
          return pumps.length === 6 && pumps.every(({ link }) => link === 'up')
        },
        { within: 60_000, every: 500, what: `six pumps again ${what}` },
      )
    }
    const pidOf = (program: string): number => Number(readFileSync(join(dir, program, 'pid'), 'utf8'))

    await done('stop-hub')
    await eventually(() => stateOf(pidOf('hub')) === 'T')
    await done('stop-hub', { on: false })
    await heard('after the hub stood still')
    for (const [fault, program] of [
      ['kill-hub', 'hub'],
      ['kill-server', 'server'],
    ] as const) {
      const before = pidOf(program)
      await done(fault)
      await eventually(() => existsSync(join(dir, program, 'pid')) && pidOf(program) !== before, { within: 20_000 })
      await heard(`after ${fault}`)
    }
    if (clock !== null) {
      const status = /its own page is (\S+)/.exec(demo.output)?.[1] ?? ''
      const aheadMs = async (): Promise<number | null> => {
        const reply = await fetch(`${status}status`)
        return ((await reply.json()) as { clock: { offsetMs: number | null } }).clock.offsetMs
      }
      await done('hub-clock-1970')
      await eventually(async () => ((await aheadMs()) ?? 0) < -1e12, { within: 60_000, every: 500 })
      await done('hub-clock-1970', { on: false })
      await heard('with a hub in 1970')
    }
    const truth = readFileSync(join(dir, 'simulators', 'truth.jsonl'), 'utf8')
    const kills = truth.split('\n').filter((line) => line.includes('"fault":"kill-hub"'))
    expect(kills).toHaveLength(6)
    const before = pidOf('simulators')
    await done('kill-simulators').catch(() => {})
    await eventually(() => existsSync(join(dir, 'simulators', 'pid')) && pidOf('simulators') !== before, {
      within: 20_000,
    })
    await heard('after all pumps were killed')
    expect(demo.output.match(/was killed by a fault and starts again/g)).toHaveLength(3)
    expect(await demo.kill('SIGTERM')).toBe(0)
  })

  it('names the program that died and ends the others', async () => {
    const dir = newFolder()
    const port = await freePort()
    const demo = start(dir, port)
    await announced(demo)
    const [gateway, ...more] = processesOf(dir, 'gateway/main.ts')
    expect(more).toEqual([])
    if (gateway === undefined) throw new Error('no gateway runs')
    process.kill(gateway, 'SIGKILL')
    expect(await demo.ended(30_000)).toBe(1)
    expect(demo.output).toContain('The gateway ended unexpectedly (SIGKILL).')
    await expectNothingLeft(dir, port)
  })
})
