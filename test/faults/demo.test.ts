import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { Nurse } from '#test/support/nurse.ts'
import { Program } from '#test/support/program.ts'

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

const start = (dir: string, port: number): Program => {
  const demo = new Program({
    name: 'demo',
    args: ['simulators/demo.ts', '--json'],
    env: { DATA_DIR: dir, PORT: String(port) },
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
